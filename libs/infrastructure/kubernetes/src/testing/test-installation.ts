import { randomBytes } from 'node:crypto';
import type { InfrastructureObject, RemovedObject } from '@nalabo/contracts';
import { newExecutionId } from '@nalabo/kernel';
import type { CommandIo, InfrastructureTarget, Observation, SessionSpec } from '@nalabo/infrastructure-port';
import { specFactory } from '@nalabo/infrastructure-port/conformance';
import { eventually } from '@nalabo/testing';
import { expect } from 'vitest';
import { KubeClient } from '../cluster/kube.client.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import type { KubernetesTargetConfig } from '../kubernetes-target.config.js';
import { createKubernetesTarget } from '../kubernetes-target.js';
import { ClusterLook } from './cluster-look.js';
import type { TestCluster } from './describe-on-cluster.js';

const newest = Number.MAX_SAFE_INTEGER;
/** A virtual cluster that starts beside others takes a minute on a node with nothing else to do. */
const patience = { timeoutMs: 240_000, intervalMs: 100 };
/** That a session ends is what counts here, not how soon a slow node has ended it. */
const removalPatienceMs = 120_000;

/** An installation of its own on a real cluster, for one test. */
export class TestInstallation {
  readonly instance = `test-${randomBytes(6).toString('hex')}`;
  readonly client: KubeClient;
  readonly target: InfrastructureTarget;
  private readonly factory = specFactory(0);
  private readonly specs: SessionSpec[] = [];

  constructor(cluster: TestCluster, overrides: Partial<KubernetesTargetConfig> = {}) {
    this.client = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig }));
    const settings = { ...cluster.targetConfig, instance: this.instance, removalPatienceMs, ...overrides };
    this.target = createKubernetesTarget(settings);
  }

  newSpec(overrides: Partial<SessionSpec> = {}): SessionSpec {
    const spec = this.factory(overrides);
    this.specs.push(spec);
    return spec;
  }

  ensure(spec: SessionSpec): Promise<Observation> {
    return this.target.lifecycle.ensure(spec, AbortSignal.timeout(60_000));
  }

  observe(spec: SessionSpec): Promise<Observation> {
    return this.target.observe.observe(spec, AbortSignal.timeout(60_000));
  }

  destroy(spec: SessionSpec): Promise<readonly RemovedObject[]> {
    return this.target.lifecycle.destroy({ ...spec, generation: newest }, AbortSignal.timeout(150_000));
  }

  async ready(overrides: Partial<SessionSpec> = {}): Promise<SessionSpec> {
    const spec = this.newSpec(overrides);
    await this.becomesReady(spec);
    return spec;
  }

  /** As the platform does it: ensured again and again until it is ready. */
  becomesReady(spec: SessionSpec): Promise<unknown> {
    return eventually(async () => {
      expect(await this.ensure(spec)).toMatchObject({ readiness: 'ready' });
    }, patience);
  }

  /** What a script that succeeds says on standard output. @param exec Of the service that runs it. */
  async output(spec: SessionSpec, script: string, exec = this.target.exec): Promise<string> {
    const said: Uint8Array[] = [];
    const io: CommandIo = { stdout: (chunk) => void said.push(Uint8Array.from(chunk)), stderr: () => undefined };
    const shell = await exec.open(spec, 'learner');
    const command = {
      executionId: newExecutionId(),
      program: ['sh', '-c', script],
      workingDirectory: '/workspace',
      environment: {},
      stdin: null,
    };
    const { end } = await shell.run(command, io, AbortSignal.timeout(60_000));
    expect(end).toMatchObject({ kind: 'exited', exitCode: 0 });
    return Buffer.concat(said).toString();
  }

  /** Ends the test's sessions through the target, and tells what is then still on the cluster. */
  async leftovers(): Promise<readonly InfrastructureObject[]> {
    await Promise.all(this.specs.map((spec) => this.destroy(spec)));
    return this.held();
  }

  /** What the cluster itself holds of the test's sessions. */
  held(): Promise<readonly InfrastructureObject[]> {
    const sessionIds = this.specs.map(({ sessionId }) => sessionId);
    return new ClusterLook(this.client).of(this.instance, sessionIds);
  }
}
