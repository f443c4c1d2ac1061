import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '@nalabo/kernel';

/** How a cluster is reached. It is always named; nothing is searched for. */
export interface ClusterAddress {
  /** A kubeconfig. */
  readonly file?: string | undefined;
  /** A context of the file; without one its current context. */
  readonly context?: string | undefined;
  /** The address of the API, with `token`; beside a file they replace what the file says. */
  readonly endpoint?: string | undefined;
  readonly token?: string | undefined;
  /** By the service account of the pod that we run in. */
  readonly inCluster?: boolean | undefined;
}

/** @throws AppError `invalid_input` when the file cannot be read, or nothing says where the cluster is. */
export function loadKubeConfig(address: ClusterAddress): KubeConfig {
  const config = new KubeConfig();
  if (address.file !== undefined) loadFile(config, address.file, address.context);
  else if (address.inCluster) config.loadFromCluster();
  return overlay(config, address);
}

function loadFile(config: KubeConfig, path: string, context: string | undefined): void {
  try {
    config.loadFromString(readFileSync(path, 'utf8'));
    config.makePathsAbsolute(dirname(path));
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
}

function overlay(config: KubeConfig, { endpoint, token }: ClusterAddress): KubeConfig {
  if (endpoint === undefined && token === undefined) return config;
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const server = endpoint ?? cluster?.server;
  if (server === undefined) throw new AppError('invalid_input', 'a token alone does not say where the cluster is');
  const overlaid = new KubeConfig();
  overlaid.loadFromClusterAndUser(
    { name: 'target', skipTLSVerify: false, ...cluster, server },
    token === undefined && user ? user : { name: 'nalabo', ...(token === undefined ? {} : { token }) },
  );
  return overlaid;
}
