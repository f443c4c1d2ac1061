import type { AppliedObject, Capability } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type {
  AppliedModel,
  ApplyFacet,
  ApplyModel,
  ApplyPlan,
  ApplyRequest,
  LogRequest,
  ServicesModel,
} from '../apply.js';
import type { ExecFacet } from '../exec.js';
import type { SessionRef } from '../reference.js';
import { claimFolders } from './claim-folders.js';
import { inWorkspace } from './open-workspace.js';
import { planServices } from './plan-services.js';
import { refuseOtherFolders } from './refuse-other-folders.js';
import type { ServiceHost } from './service-host.js';
import { ServicesRun } from './services-run.js';

const neverBuilt: Capability = { available: false, reason: 'this infrastructure has nothing to build images with' };

/** Applies services, on every infrastructure that can hold them, and files by the hand of the learner. */
export class ServicesApply implements ApplyFacet {
  readonly takes = 'compose';

  constructor(
    private readonly host: ServiceHost,
    private readonly exec: Pick<ExecFacet, 'open'>,
    readonly builds: Capability = neverBuilt,
  ) {}

  async plan(ref: SessionRef, request: ApplyRequest, signal: AbortSignal): Promise<ApplyPlan> {
    const { compose, files, build } = servicesOf(request.model);
    const { current } = request;
    const found = await this.host.held(ref, signal);
    return inWorkspace(this.exec, { ref, signal }, async (workspace) => {
      const filesBefore = await workspace.readAll(files.keys());
      const claimed = current?.folders ?? {};
      const look = await workspace.look([...new Set([...compose.folders, ...Object.keys(claimed)])]);
      const folders = claimFolders(compose.folders, claimed, look);
      refuseOtherFolders({ ...claimed, ...folders }, look);
      const held: AppliedModel = { type: 'compose', compose, folders, ...(build ? { build } : {}) };
      const applied = compose.services.length > 0 ? held : null;
      const changes = planServices({ current, wanted: applied, held: found, files, filesBefore });
      return { ...request, ref, changes, applied, filesBefore };
    });
  }

  apply(plan: ApplyPlan, signal: AbortSignal): Promise<readonly AppliedObject[]> {
    const { files } = servicesOf(plan.model);
    return new ServicesRun(this.host, this.exec, plan).carryOut(files, signal);
  }

  logs(ref: SessionRef, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.host.logs(ref, request, signal);
  }

  manifestScope(): Promise<never> {
    return Promise.reject(noCluster());
  }

  kubeconfig(): Promise<never> {
    return Promise.reject(noCluster());
  }
}

function noCluster(): AppError {
  const publicMessage = 'This session has no cluster.';
  return new AppError('unprocessable', publicMessage, { publicMessage });
}

/** @throws AppError `unprocessable` for manifests. */
function servicesOf(model: ApplyModel): ServicesModel {
  if (model.type === 'compose') return model;
  const publicMessage = `This session takes compose, and not ${model.type}: it has no cluster.`;
  throw new AppError('unprocessable', publicMessage, { publicMessage });
}
