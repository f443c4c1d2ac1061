import type { AppliedObject } from '@nalabo/contracts';
import type { ComposeModel, ComposeService } from '@nalabo/policy';
import type { AppliedModel, ApplyFacet, ApplyPlan, WorkspaceFiles } from '../apply.js';
import { claimFolders } from '../services/claim-folders.js';
import { aComposeModel, aService } from '../services/services.cases.js';
import type { SessionSpec } from '../session-spec.js';
import { NotDeclared } from './conformance-case.js';
import type { ConformanceContext } from './conformance-context.js';
import { declaring } from './conformance-case.js';
import { outputOf } from './run-command.js';

/** Nothing is there on any backend. */
export const missingProgram = ['/does/not/exist'];

/** Somebody who applies services in one session, and keeps what has to be kept between two applies. */
export class ServicesLearner {
  current: AppliedModel | null = null;

  private constructor(
    private readonly context: ConformanceContext,
    readonly spec: SessionSpec,
    private readonly facet: ApplyFacet,
    private readonly basis: Pick<ComposeService, 'image' | 'command'>,
  ) {}

  static async of(context: ConformanceContext): Promise<ServicesLearner> {
    const learner = ServicesLearner.inNewSession(context);
    await context.ensure(learner.spec);
    await context.becomesReady(learner.spec);
    return learner;
  }

  /** In a session of which nothing has been made yet. */
  static inNewSession(context: ConformanceContext): ServicesLearner {
    const { apply } = context.target;
    if (apply?.takes !== 'compose') throw new NotDeclared('the target takes no services');
    const { services } = declaring(context.harness, 'services');
    return new ServicesLearner(context, context.newSpec(), apply, services);
  }

  /** A service that goes on and on. */
  service(name: string, overrides: Partial<ComposeService> = {}): ComposeService {
    return aService(name, { ...this.basis, ...overrides });
  }

  plan(services: readonly ComposeService[], files: WorkspaceFiles = new Map()): Promise<ApplyPlan> {
    return this.planModel(aComposeModel(...services), files);
  }

  planModel(compose: ComposeModel, files: WorkspaceFiles): Promise<ApplyPlan> {
    const request = { model: { type: 'compose', compose, files }, current: this.current, limits: this.spec.limits };
    return this.facet.plan(this.spec, request as ApplyPlan, this.context.deadline());
  }

  async carryOut(plan: ApplyPlan, signal = this.context.deadline()): Promise<readonly AppliedObject[]> {
    const objects = await this.facet.apply(plan, signal);
    if (objects.every(({ action }) => action !== 'failed')) this.current = plan.applied;
    return objects;
  }

  async apply(services: readonly ComposeService[], files?: WorkspaceFiles): Promise<readonly string[]> {
    return toldOf(await this.carryOut(await this.plan(services, files)));
  }

  /** Makes a new session with what its workshop ships, as the provisioner does. */
  async bring(
    services: readonly ComposeService[],
    files: WorkspaceFiles,
    signal = this.context.deadline(),
  ): Promise<void> {
    const compose = aComposeModel(...services);
    const folders = claimFolders(compose.folders, {}, { links: {}, filled: [] });
    this.current = services.length > 0 ? { type: 'compose', compose, folders } : null;
    const initial = { type: 'compose', compose, files } as const;
    await this.context.target.lifecycle.ensure({ ...this.spec, applied: this.current, initial }, signal);
    await this.context.becomesReady(this.spec);
  }

  /** Makes the session hold again what it should, as the provisioner does. */
  async restore(): Promise<void> {
    await this.context.ensure({ ...this.spec, applied: this.current });
  }

  async running(): Promise<readonly string[]> {
    const { services } = await this.context.becomesReady(this.spec);
    return services.flatMap(({ name, state }) => (state === 'running' ? [name] : [])).toSorted();
  }

  async onBackend(): Promise<readonly string[]> {
    return (await this.context.onBackend(this.spec)).map(({ kind, name }) => `${kind} ${name}`).toSorted();
  }

  /** What a script says in the workspace. */
  async says(script: string, ...args: readonly string[]): Promise<string> {
    return outputOf(await this.context.shell(this.spec), script, ...args);
  }
}

export function toldOf(objects: readonly AppliedObject[]): readonly string[] {
  return objects.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
}
