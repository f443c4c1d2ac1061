import type { ManifestScope, SessionRef } from '@nalabo/infrastructure-port';
import { KubeConfig } from '@kubernetes/client-node';
import { AppError } from '@nalabo/kernel';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import type { KubePod } from '../session/kube-pod.js';
import { learnerAccount } from '../session/learner-access.js';
import { learnerKinds } from '../session/learner-kinds.js';
import { isolationOf, kubeconfigSecret, namespaceOf, syncedLabel } from '../session/session-names.js';
import { controlPlanePort, releaseName } from '../vcluster/virtual-cluster-names.js';
import { discoverKinds } from './api-kinds.js';
import { openPortForward } from './port-forward.js';
import type { SessionApi } from './session-api.js';
import { credentialsOf } from './session-kubeconfig.js';
import { TunnelledConfig } from './tunnelled-config.js';

/** A pod that the virtual cluster has made for a learner may carry any label besides. */
const controlPlaneSelector = `app=vcluster,release=${releaseName},!${syncedLabel}`;

/** The API is the learner's, who may make it answer anything. An object has at most 1.5 MB, a page 500 names. */
const largestAnswerBytes = 8 * 1024 * 1024;

const noApi = 'A session in a namespace has no API of its own.';

/** The least that a cluster gives, and much longer than an apply may take. */
const tokenSeconds = 600;

/**
 * The way to the APIs of sessions, each with its learner's own credentials. What the platform itself may do on the
 * cluster is only to get these and to open the way.
 */
export class SessionApis {
  constructor(private readonly host: KubeClient) {}

  /** The connections are closed when the work is done, however it ends. */
  async use<T>(ref: SessionRef, signal: AbortSignal, work: (api: SessionApi) => Promise<T>): Promise<T> {
    const scope = await this.scope(ref, signal);
    if (scope.isolation === 'virtual') return this.useVirtual(ref, signal, work);
    const { namespace } = scope;
    const client = new KubeClient(await this.asLearner(namespace), { largestAnswerBytes });
    return work({ client, kinds: learnerKinds, namespace, isShared: true });
  }

  private async asLearner(namespace: string): Promise<KubeConfig> {
    try {
      const account = { namespace, name: learnerAccount };
      return withToken(this.host.config, await this.host.requestToken(account, tokenSeconds));
    } catch (error) {
      const isMissing = error instanceof AppError && error.kind === 'not_found';
      throw isMissing ? unavailable(`there is no account for the learner in ${namespace}`) : error;
    }
  }

  private async useVirtual<T>(ref: SessionRef, signal: AbortSignal, work: (api: SessionApi) => Promise<T>): Promise<T> {
    const credentials = credentialsOf(await this.kubeconfig(ref, signal));
    const at = {
      namespace: namespaceOf(ref.sessionId),
      pod: await this.controlPlane(ref, signal),
      port: controlPlanePort,
    };
    const config = new TunnelledConfig(credentials, () => openPortForward(this.host.config, at, signal));
    try {
      const client = new KubeClient(config, { largestAnswerBytes });
      const kinds = await discoverKinds(client, signal);
      return await work({ client, kinds, namespace: 'default', isShared: false });
    } finally {
      await config.close();
    }
  }

  /** How what comes to the session is judged: into its virtual cluster, or into its namespace on the host. */
  async scope({ sessionId }: SessionRef, signal: AbortSignal): Promise<ManifestScope> {
    const namespace = namespaceOf(sessionId);
    const found = await this.host.find(resources.namespace, { name: namespace }, signal);
    if (!found) throw unavailable(`session ${sessionId} has no namespace`);
    const isVirtual = isolationOf(found.metadata.labels) === 'vcluster';
    return isVirtual ? { isolation: 'virtual' } : { isolation: 'namespace', namespace, hostSuffix: null };
  }

  /**
   * The kubeconfig as it works inside the session.
   * @throws AppError `unprocessable` when the session is not a virtual cluster, `unavailable` while it has none yet.
   */
  async kubeconfig({ sessionId }: SessionRef, signal: AbortSignal): Promise<string> {
    const namespace = namespaceOf(sessionId);
    const secret = await this.host.find<KubeSecret>(resources.secret, { namespace, name: kubeconfigSecret }, signal);
    const encoded = secret?.data?.['config'];
    if (encoded !== undefined) return Buffer.from(encoded, 'base64').toString();
    const found = await this.host.find(resources.namespace, { name: namespace }, signal);
    if (found && isolationOf(found.metadata.labels) === 'namespace') {
      throw new AppError('unprocessable', `session ${sessionId} has no API of its own`, { publicMessage: noApi });
    }
    throw unavailable(`session ${sessionId} has no kubeconfig yet`);
  }

  private async controlPlane({ sessionId }: SessionRef, signal: AbortSignal): Promise<string> {
    const query = { namespace: namespaceOf(sessionId), labelSelector: controlPlaneSelector };
    const pods = await this.host.list<KubePod>(resources.pod, query, signal);
    const running = pods.find(
      ({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.phase === 'Running',
    );
    if (!running) throw unavailable(`the control plane of session ${sessionId} is not running`);
    return running.metadata.name;
  }
}

/** The same cluster for somebody else. */
function withToken(host: KubeConfig, token: string): KubeConfig {
  const config = new KubeConfig();
  const cluster = host.getCurrentCluster();
  if (cluster === null) throw new AppError('internal', 'the kubeconfig of the target names no cluster');
  config.loadFromClusterAndUser(cluster, { name: learnerAccount, token });
  return config;
}

interface KubeSecret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

function unavailable(message: string): AppError {
  const publicMessage = 'The API of the session does not answer yet.';
  return new AppError('unavailable', message, { publicMessage, details: { retryAfterSeconds: 2 } });
}
