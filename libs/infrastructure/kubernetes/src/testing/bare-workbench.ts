import { randomBytes } from 'node:crypto';
import { ownershipOf, prefixedLabels, sessionObjectName, type SessionSpec } from '@nalabo/infrastructure-port';
import { specFactory } from '@nalabo/infrastructure-port/conformance';
import { eventually } from '@nalabo/testing';
import { KubeClient } from '../cluster/kube.client.js';
import { resources } from '../cluster/kube-resource.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { isConditionTrue, type KubePod } from '../session/kube-pod.js';
import { labelPrefix } from '../session/session-names.js';
import { containerEnvironment } from '../session/workbench-pod.js';

const patience = { timeoutMs: 120_000, intervalMs: 50 };

/** A workbench pod of ours and nothing else of a session: made in a second, for tests of what is run in it. */
export class BareWorkbench {
  readonly instance = `test-${randomBytes(6).toString('hex')}`;
  readonly spec: SessionSpec = specFactory(0)();
  readonly namespace = sessionObjectName(this.spec.sessionId);
  readonly client: KubeClient;

  constructor(kubeconfig: string) {
    this.client = new KubeClient(loadKubeConfig({ file: kubeconfig }));
  }

  async make(environment: Readonly<Record<string, string>>): Promise<void> {
    const labels = prefixedLabels(ownershipOf(this.instance, this.spec), labelPrefix);
    await this.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace, labels } });
    const learner = container('workbench', 1000, environment);
    // The service account that every pod needs is made a moment after its namespace.
    await eventually(
      () =>
        this.client.create({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'workbench', namespace: this.namespace, labels },
          spec: {
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 0,
            containers: [learner, container('checker', 2000, {})],
            volumes: [{ name: 'workspace', emptyDir: {} }],
          },
        }),
      patience,
    );
    await eventually(async () => {
      const pod = await this.client.get<KubePod>(resources.pod, { namespace: this.namespace, name: 'workbench' });
      if (!isConditionTrue(pod, 'Ready')) throw new Error('the workbench is not ready');
    }, patience);
  }

  async removePod(): Promise<void> {
    const at = { namespace: this.namespace, name: 'workbench' };
    await this.client.delete(resources.pod, at, { gracePeriodSeconds: 0 });
  }

  async remove(): Promise<void> {
    await this.client.delete(resources.namespace, { name: this.namespace });
    await eventually(async () => {
      if (await this.client.find(resources.namespace, { name: this.namespace })) throw new Error('still there');
    }, patience);
  }
}

function container(name: string, user: number, environment: Readonly<Record<string, string>>) {
  return {
    name,
    image: 'rig/workbench:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', 'infinity'],
    env: containerEnvironment(environment),
    securityContext: { runAsUser: user, runAsGroup: user },
    volumeMounts: [{ name: 'workspace', mountPath: '/workspace' }],
  };
}
