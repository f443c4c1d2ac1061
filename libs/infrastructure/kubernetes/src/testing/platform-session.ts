import type { AppliedObject } from '@nalabo/contracts';
import type { ApplyFacet, ApplyPlan, InfrastructureTarget, SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { expect } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { loadKubeConfig } from '../cluster/load-kube-config.js';
import { createKubernetesTarget } from '../kubernetes-target.js';
import type { TestCluster } from './describe-on-cluster.js';
import { PlatformAccounts } from './platform-accounts.js';
import { TestInstallation } from './test-installation.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };

/** An installation under the accounts and the guard of deploy/kubernetes: what builds, what applies, and an administrator. */
export class PlatformSession {
  readonly admin: KubeClient;
  readonly accounts: PlatformAccounts;
  private built: { readonly provisioner: TestInstallation; readonly executor: InfrastructureTarget } | undefined;

  constructor(private readonly cluster: TestCluster) {
    this.admin = new KubeClient(loadKubeConfig({ file: cluster.kubeconfig }));
    this.accounts = new PlatformAccounts(this.admin);
  }

  get provisioner(): TestInstallation {
    return this.parts.provisioner;
  }

  get facet(): ApplyFacet {
    const { apply } = this.parts.executor;
    if (!apply) throw new Error('the target takes no configuration');
    return apply;
  }

  async open(): Promise<void> {
    await this.accounts.apply();
    const provisioner = new TestInstallation(this.cluster, await this.heldBy('provisioner'));
    const settings = { ...this.cluster.targetConfig, instance: provisioner.instance };
    const executor = createKubernetesTarget({ ...settings, ...(await this.heldBy('executor')) });
    this.built = { provisioner, executor };
  }

  async close(): Promise<void> {
    expect(await this.provisioner.leftovers()).toEqual([]);
    await this.accounts.remove();
  }

  async apply(spec: SessionSpec, file: string): Promise<readonly AppliedObject[]> {
    return this.facet.apply(await this.plan(spec, file), AbortSignal.timeout(60_000));
  }

  plan(spec: SessionSpec, file: string): Promise<ApplyPlan> {
    const model = { type: 'yaml', objects: objectsOf(file) } as const;
    return this.facet.plan(spec, { model, current: null, limits: spec.limits }, AbortSignal.timeout(60_000));
  }

  /** Once the guard, which takes effect a moment after it was made, refuses a call. */
  refused(call: () => Promise<unknown>, why: RegExp): Promise<void> {
    return eventually(() => expect(call()).rejects.toThrow(why), patience);
  }

  private get parts() {
    if (!this.built) throw new Error('open it first');
    return this.built;
  }

  private async heldBy(service: 'provisioner' | 'executor') {
    return {
      cluster: { file: this.cluster.kubeconfig, token: await this.accounts.token(service) },
      platformNamespace: this.accounts.namespace,
      rolePrefix: this.accounts.namespace,
    };
  }
}

/** The objects of a file as they stand there, judged by nobody. */
export function objectsOf(file: string) {
  return parseAllDocuments(file).map((parsed, index) => {
    const content = parsed.toJS() as KubeObject;
    const { apiVersion, kind, metadata } = content;
    const { name, namespace = null } = metadata;
    return { apiVersion, kind, name, namespace, content, document: index + 1, line: index * 10 + 1 };
  });
}
