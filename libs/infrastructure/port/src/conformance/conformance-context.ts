import { expect, vi } from 'vitest';
import type { InfrastructureObject } from '@nalabo/contracts';
import { newExecutionId } from '@nalabo/kernel';
import type { Shell, ShellRole, Terminal, TerminalRequest } from '../exec.js';
import type { InfrastructureTarget } from '../facets.js';
import type { Observation } from '../observation.js';
import type { SessionRef } from '../reference.js';
import type { SessionSpec } from '../session-spec.js';
import type { ConformanceHarness, ForeignObject, ForeignOwner } from './harness.js';
import { declaring } from './conformance-case.js';

const ensureAgainMilliseconds = 10_000;

export type Present = Extract<Observation, { presence: 'present' }>;

/** What one case works with. It remembers what the case made, removes it afterwards and looks that nothing is left. */
export class ConformanceContext {
  readonly target: InfrastructureTarget;
  private readonly specs: SessionSpec[] = [];
  private readonly shells: Shell[] = [];
  private readonly terminals: Terminal[] = [];
  private readonly foreign: ForeignObject[] = [];

  constructor(readonly harness: ConformanceHarness) {
    this.target = harness.target;
  }

  newSpec(overrides?: Partial<SessionSpec>): SessionSpec {
    const spec = this.harness.newSpec(overrides);
    this.specs.push(spec);
    return spec;
  }

  /** A signal for one call, which aborts when the call has taken too long. */
  deadline(): AbortSignal {
    return AbortSignal.timeout(this.deadlineMilliseconds);
  }

  ensure(spec: SessionSpec): Promise<Observation> {
    return this.target.lifecycle.ensure(spec, this.deadline());
  }

  observe(ref: SessionRef): Promise<Observation> {
    return this.target.observe.observe(ref, this.deadline());
  }

  async readySession(overrides?: Partial<SessionSpec>): Promise<SessionSpec> {
    const spec = this.newSpec(overrides);
    await this.ensure(spec);
    await this.becomesReady(spec);
    return spec;
  }

  /** What is not ready after a while is ensured again, as the platform does it. */
  becomesReady(spec: SessionSpec): Promise<Present> {
    let nextEnsure = performance.now() + ensureAgainMilliseconds;
    return this.eventually(async () => {
      if (performance.now() > nextEnsure) {
        nextEnsure = performance.now() + ensureAgainMilliseconds;
        await this.ensure(spec);
      }
      const observation = await this.presence(spec);
      expect(observation.readiness, observation.reason ?? 'no reason').toBe('ready');
      return observation;
    });
  }

  stopsBeingReady(ref: SessionRef): Promise<Present> {
    return this.eventually(async () => {
      const observation = await this.presence(ref);
      expect(observation.readiness).not.toBe('ready');
      return observation;
    });
  }

  async shell(ref: SessionRef, role: ShellRole = 'learner'): Promise<Shell> {
    const shell = await this.target.exec.open(ref, role);
    this.shells.push(shell);
    return shell;
  }

  async terminal(ref: SessionRef, overrides: Partial<TerminalRequest> = {}): Promise<Terminal> {
    const request = { terminalId: newExecutionId(), columns: 80, rows: 24, environment: {}, ...overrides };
    const terminal = await this.target.exec.terminal(ref, request);
    this.terminals.push(terminal);
    return terminal;
  }

  async foreignObject(ref: SessionRef, owner: ForeignOwner): Promise<ForeignObject> {
    const object = await declaring(this.harness, 'makeForeignObject').makeForeignObject(ref, owner);
    this.foreign.push(object);
    return object;
  }

  /** What the backend itself holds of one session. */
  async onBackend({ sessionId }: SessionRef): Promise<readonly InfrastructureObject[]> {
    return (await this.harness.leftovers()).filter(({ name }) => name.includes(sessionId));
  }

  eventually<T>(attempt: () => Promise<T>): Promise<T> {
    return vi.waitFor(attempt, { timeout: this.deadlineMilliseconds, interval: 50 });
  }

  async cleanUp(): Promise<void> {
    await Promise.all([...this.shells, ...this.terminals].map((opened) => opened.close()));
    await Promise.all(this.foreign.map((object) => object.remove()));
    await Promise.all(this.specs.map((spec) => this.target.lifecycle.destroy(spec, this.deadline())));
    expect(await this.harness.leftovers(), 'left on the backend after the test').toEqual([]);
  }

  private get deadlineMilliseconds(): number {
    return this.harness.deadlineMilliseconds ?? 60_000;
  }

  private async presence(ref: SessionRef): Promise<Present> {
    const observation = await this.observe(ref);
    if (observation.presence === 'absent') throw new Error(`session ${ref.sessionId} is absent`);
    return observation;
  }
}
