import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckDefinition, WorkshopContent } from '@nalabo/contracts';
import {
  type AppliedModel,
  type InfrastructureTarget,
  type SessionSpec,
  type Shell,
  subnetCount,
} from '@nalabo/infrastructure-port';
import { newExecutionId, newSessionId, systemClock } from '@nalabo/kernel';
import { readCompose } from '@nalabo/policy';
import { parseResources, serviceShare } from '@nalabo/session';
import { eventually, findTestEngine } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import { createTargets, targetsConfigSchema } from '../targets.js';
import { readWorkshop } from './read-workshop.js';
import { resourcesFor } from './workshop-view.js';

const workshops = join(import.meta.dirname, '../../../../workshops');
/** Above what a platform on the same engine gives out first. */
const firstSubnet = 1024;
/** What a service needs besides its targets. */
const notUsed = { DATABASE_URL: 'none', NATS_URL: 'none', HEALTH_PORT: '0' };
const engine = await findTestEngine();

/** A learner in a session of a workshop, with the services that he applies. */
class Attempt {
  private current: AppliedModel | null = null;
  private readonly limits;
  private constructor(
    private readonly target: InfrastructureTarget,
    private readonly spec: SessionSpec,
    private readonly workshop: WorkshopContent,
    private readonly shells: { readonly learner: Shell; readonly checker: Shell },
  ) {
    this.limits = spec.limits;
  }

  static async begin(socketPath: string, workshop: WorkshopContent): Promise<Attempt> {
    const environment = {
      DOCKER_HOST: `unix://${socketPath}`,
      NALABO_INSTANCE: `test-${randomBytes(6).toString('hex')}`,
      ...notUsed,
    };
    const target = (await createTargets(targetsConfigSchema.parse(environment))).get('local-docker');
    const spec: SessionSpec = {
      sessionId: newSessionId(),
      generation: 1,
      workshopId: workshop.id,
      limits: parseResources(resourcesFor(workshop, 'docker')),
      environment: workshop.environment,
      endsByEpochSeconds: Math.floor(systemClock.now().getTime() / 1000) + 600,
      subnetIndex: randomInt(firstSubnet, subnetCount),
      isolation: null,
      applied: null,
      initial: null,
    };
    await target.lifecycle.ensure(spec, AbortSignal.timeout(60_000));
    const checker = await target.exec.open(spec, 'checker');
    const attempt = new Attempt(target, spec, workshop, { checker, learner: await target.exec.open(spec, 'learner') });
    if (workshop.compose) await attempt.apply(workshop.compose.text, workshop.files);
    return attempt;
  }

  async end(): Promise<void> {
    await Promise.all([this.shells.checker.close(), this.shells.learner.close()]);
    await this.target.lifecycle.destroy(this.spec, AbortSignal.timeout(60_000));
    expect(await this.target.observe.list(AbortSignal.timeout(10_000)), 'left on the engine').toEqual([]);
  }

  /** Takes a step of the solution and applies what it has left. */
  async solve(step: string): Promise<void> {
    const solution = readFileSync(join(workshops, this.workshop.id, 'solution.sh'), 'utf8');
    await this.run(this.shells.learner, { stdin: solution, program: ['sh', '-s', '--', step] });
    const { stdout } = await this.run(this.shells.learner, { program: ['cat', 'compose.yaml'] });
    await this.apply(stdout, {});
  }

  /** Whether a check passes, as soon as it does. */
  async passes({ script }: CheckDefinition): Promise<boolean> {
    return (await this.run(this.shells.checker, { program: { script } })).exitCode === 0;
  }

  private async apply(text: string, files: Readonly<Record<string, string>>): Promise<void> {
    const sent = new Map(Object.entries(files));
    const { images } = this.workshop;
    const read = readCompose(text, { images, resources: serviceShare(this.limits), files: sent });
    if ('violations' in read) throw new Error(JSON.stringify(read.violations));
    const { apply } = this.target;
    if (!apply) throw new Error('the target applies nothing');
    const model = { type: 'compose', compose: read.model, files: sent } as const;
    const signal = AbortSignal.timeout(60_000);
    const plan = await apply.plan(this.spec, { model, current: this.current, limits: this.limits }, signal);
    const objects = await apply.apply(plan, signal);
    expect(objects.filter(({ action }) => action === 'failed')).toEqual([]);
    this.current = plan.applied;
  }

  private async run(
    shell: Shell,
    { program, stdin }: { readonly program: readonly string[] | { readonly script: string }; readonly stdin?: string },
  ): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
    const chunks: Uint8Array[] = [];
    const io = { stdout: (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)), stderr: () => undefined };
    const command = {
      executionId: newExecutionId(),
      program,
      workingDirectory: shell === this.shells.checker ? '/' : '/workspace',
      environment: {},
      stdin: stdin === undefined ? null : Buffer.from(stdin),
    };
    const { end } = await shell.run(command, io, AbortSignal.timeout(30_000));
    return { exitCode: end.kind === 'exited' ? end.exitCode : null, stdout: Buffer.concat(chunks).toString() };
  }
}

describe.runIf('socketPath' in engine)('with its services on an engine', () => {
  it.each(['compose-web', 'write-compose'])(
    'each step of %s passes its check when it is solved and applied, and not before',
    async (id) => {
      const workshop = await readWorkshop(join(workshops, id, 'workshop.yaml'));
      const attempt = await Attempt.begin('socketPath' in engine ? engine.socketPath : '', workshop);
      try {
        for (const check of workshop.checks) {
          expect(await attempt.passes(check), `${check.id} before`).toBe(false);
          await attempt.solve(check.id);
          await eventually(async () => expect(await attempt.passes(check), check.id).toBe(true));
        }
        for (const check of workshop.checks) expect(await attempt.passes(check), check.id).toBe(true);
      } finally {
        await attempt.end();
      }
    },
    200_000,
  );
});
