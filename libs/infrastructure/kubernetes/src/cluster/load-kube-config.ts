import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '@nalabo/kernel';

/** How a cluster is reached. Exactly one way is named; nothing is searched for. */
export type ClusterAddress =
  | { readonly way: 'file'; readonly path: string; readonly context: string | undefined }
  | { readonly way: 'token'; readonly endpoint: string; readonly token: string; readonly certificateAuthority?: string }
  | { readonly way: 'inCluster' };

/** @throws AppError `invalid_input` when the file cannot be read or has no such context. */
export function loadKubeConfig(address: ClusterAddress): KubeConfig {
  const config = new KubeConfig();
  switch (address.way) {
    case 'file':
      return loadFile(config, address.path, address.context);
    case 'token':
      config.loadFromClusterAndUser(
        { name: 'target', server: address.endpoint, skipTLSVerify: false, ...authorityOf(address) },
        { name: 'nalabo', token: address.token },
      );
      return config;
    case 'inCluster':
      config.loadFromCluster();
      return config;
  }
}

function loadFile(config: KubeConfig, path: string, context: string | undefined): KubeConfig {
  try {
    config.loadFromString(readFileSync(path, 'utf8'));
    config.makePathsAbsolute(path.slice(0, path.lastIndexOf('/') + 1));
  } catch (cause) {
    // The parser quotes what it could not read, and that may be a credential.
    const { code } = cause as { code?: unknown };
    const reason = typeof code === 'string' ? code : 'it is not a kubeconfig';
    throw new AppError('invalid_input', `the kubeconfig ${path} cannot be used: ${reason}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    throw new AppError('invalid_input', `the kubeconfig ${path} has no cluster for context ${config.currentContext}`);
  }
  return config;
}

function authorityOf({ certificateAuthority }: { readonly certificateAuthority?: string }): { caData?: string } {
  return certificateAuthority === undefined ? {} : { caData: Buffer.from(certificateAuthority).toString('base64') };
}
