import type { AppliedObject } from '@nalabo/contracts';
import type {
  ApplyFacet,
  ApplyModel,
  ApplyPlan,
  ApplyRequest,
  ManifestScope,
  ManifestsModel,
  SessionRef,
} from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import type { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import { namespaceOf } from '../session/session-names.js';
import { kubeconfigServer } from '../vcluster/kubeconfig-server.js';
import { releaseName } from '../vcluster/virtual-cluster-names.js';
import { ApplyRun } from './apply-run.js';
import { planChanges } from './plan-changes.js';
import { prepareObjects } from './prepare-objects.js';
import { SessionApis } from './session-apis.js';
import { withServer } from './session-kubeconfig.js';
import { WorkbenchNames } from './workbench-names.js';

export interface KubernetesApplyOptions {
  /** Where learners reach the API of their session from outside, as a template; none when no way leads there. */
  readonly kubeconfigServer?: string | undefined;
}

/** Applies manifests as the learner: in the session's own virtual cluster, or in its namespace where it has none. */
export class KubernetesApply implements ApplyFacet {
  readonly takes = 'yaml';
  private readonly apis: SessionApis;
  private readonly names: WorkbenchNames;

  constructor(
    private readonly host: KubeClient,
    private readonly options: KubernetesApplyOptions,
  ) {
    this.apis = new SessionApis(host);
    this.names = new WorkbenchNames(host);
  }

  manifestScope(ref: SessionRef, signal: AbortSignal): Promise<ManifestScope> {
    return this.apis.scope(ref, signal);
  }

  async plan(ref: SessionRef, request: ApplyRequest, signal: AbortSignal): Promise<ApplyPlan> {
    const model = manifestsOf(request.model);
    return this.apis.use(ref, signal, async (api) => {
      const changes = await planChanges({ api, model, sessionId: ref.sessionId, signal });
      return { ...request, ref, changes, applied: null, filesBefore: new Map() };
    });
  }

  async apply({ ref, model, changes }: ApplyPlan, signal: AbortSignal): Promise<readonly AppliedObject[]> {
    return this.apis.use(ref, signal, async (api) => {
      const { objects } = prepareObjects(manifestsOf(model), api, ref.sessionId);
      const results = await new ApplyRun(api, { objects, signal }).carryOut(changes);
      if (api.isShared && !signal.aborted) await this.names.renew(ref, api, signal);
      return results;
    });
  }

  logs(): Promise<never> {
    const publicMessage = 'A session on Kubernetes has no services of a Compose file; kubectl shows its logs.';
    return Promise.reject(new AppError('unprocessable', publicMessage, { publicMessage }));
  }

  async kubeconfig(ref: SessionRef, signal: AbortSignal): Promise<string> {
    const kubeconfig = await this.apis.kubeconfig(ref, signal);
    const { kubeconfigServer: template } = this.options;
    if (template === undefined) {
      const publicMessage = 'This platform has no address under which the API of a session is reached from outside.';
      throw new AppError('conflict', 'no server for kubeconfigs is configured', { publicMessage });
    }
    return withServer(kubeconfig, await this.fillIn(template, ref, signal));
  }

  private async fillIn(template: string, { sessionId: session }: SessionRef, signal: AbortSignal): Promise<string> {
    const namespace = namespaceOf(session);
    if (!template.includes('{clusterIP}')) return kubeconfigServer(template, { session, namespace });
    const at = { namespace, name: releaseName };
    const { spec } = await this.host.get<KubeService>(resources.service, at, signal);
    return kubeconfigServer(template, { session, namespace, clusterIP: spec.clusterIP });
  }
}

function manifestsOf(model: ApplyModel): ManifestsModel {
  if (model.type === 'yaml') return model;
  const publicMessage = `A session on Kubernetes takes yaml, and not ${model.type}.`;
  throw new AppError('unprocessable', publicMessage, { publicMessage });
}

interface KubeService extends KubeObject {
  readonly spec: { readonly clusterIP: string };
}
