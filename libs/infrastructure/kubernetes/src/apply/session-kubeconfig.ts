import { AppError } from '@nalabo/kernel';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const pemSchema = z.base64().transform((text) => Buffer.from(text, 'base64').toString());

/**
 * The one form of kubeconfig that is written for a session. Whatever else a kubeconfig can ask of a client, to read files
 * or to start programs, is not taken.
 */
const kubeconfigSchema = z.looseObject({
  clusters: z.tuple([
    z.looseObject({ cluster: z.looseObject({ server: z.url(), 'certificate-authority-data': pemSchema }) }),
  ]),
  users: z.tuple([
    z.looseObject({ user: z.object({ 'client-certificate-data': pemSchema, 'client-key-data': pemSchema }) }),
  ]),
});

/** The learner's own identity in the session's own API, in PEM. */
export interface SessionCredentials {
  /** The name that the API's certificate is for. */
  readonly serverName: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** @throws AppError `internal` when the text is no kubeconfig of ours. The text itself is in no error. */
export function credentialsOf(kubeconfig: string): SessionCredentials {
  const parsed = kubeconfigSchema.safeParse(read(kubeconfig));
  if (!parsed.success) throw new AppError('internal', 'the kubeconfig of the session is not one of ours');
  const [{ cluster }] = parsed.data.clusters;
  const [{ user }] = parsed.data.users;
  return {
    serverName: new URL(cluster.server).hostname,
    authority: cluster['certificate-authority-data'],
    certificate: user['client-certificate-data'],
    key: user['client-key-data'],
  };
}

/**
 * The same kubeconfig for somebody outside. The certificate is still checked against the name that it was made for, which
 * also tells a proxy in front of many sessions which one is meant.
 */
export function withServer(kubeconfig: string, server: string): string {
  const { serverName } = credentialsOf(kubeconfig);
  const document = read(kubeconfig) as { clusters: [{ cluster: Record<string, unknown> }] };
  Object.assign(document.clusters[0].cluster, { server, 'tls-server-name': serverName });
  return stringify(document);
}

function read(kubeconfig: string): unknown {
  try {
    return parse(kubeconfig);
  } catch (cause) {
    // The parser quotes what it could not read, and that is a credential.
    if (cause instanceof Error) return undefined;
    throw cause;
  }
}
