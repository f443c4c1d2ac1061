import { rm } from 'node:fs/promises';
import type { PreflightFinding } from '@nalabo/contracts';
import type { SessionId } from '@nalabo/kernel';
import type { UsageSample } from '../observation.js';
import { MemoryFaults } from './memory-faults.js';
import { MemoryLogs } from './memory-logs.js';
import type { MemoryObject } from './memory-object.js';
import type { MemoryWorkbench } from './memory-workbench.js';

/**
 * What a memory target works on, as an engine is for Docker: objects by kind and name, and the workbenches that run.
 * Several targets of one process may share a backend; nothing is shared between processes.
 */
export class MemoryBackend {
  readonly faults = new MemoryFaults();
  readonly logs = new MemoryLogs();
  /** How many looks at a started workbench answer `pending` before one answers `ready`. */
  looksUntilReady = 0;
  /** What the target finds when it examines this backend. */
  preflight: readonly PreflightFinding[] = [
    { name: 'isolation', status: 'warning', detail: 'commands are ordinary processes of this machine' },
  ];

  private readonly objects = new Map<string, MemoryObject>();
  private readonly workbenches = new Map<SessionId, MemoryWorkbench>();
  private readonly figures = new Map<SessionId, Partial<UsageSample>>();

  allObjects(): readonly MemoryObject[] {
    return [...this.objects.values()];
  }

  object(kind: string, name: string): MemoryObject | undefined {
    return this.objects.get(`${kind}/${name}`);
  }

  /** Also the way for a test to put something foreign on the backend. */
  addObject(object: MemoryObject): void {
    this.objects.set(`${object.kind}/${object.name}`, object);
  }

  removeObject({ kind, name }: Pick<MemoryObject, 'kind' | 'name'>): void {
    this.objects.delete(`${kind}/${name}`);
    if (kind === 'container') this.logs.remove(name);
  }

  workbench(sessionId: SessionId): MemoryWorkbench | undefined {
    return this.workbenches.get(sessionId);
  }

  addWorkbench(sessionId: SessionId, workbench: MemoryWorkbench): void {
    this.workbenches.set(sessionId, workbench);
  }

  async removeWorkbench(sessionId: SessionId): Promise<void> {
    const workbench = this.workbenches.get(sessionId);
    this.workbenches.delete(sessionId);
    this.figures.delete(sessionId);
    await workbench?.end('the workbench was removed');
    if (workbench?.directory) await rm(await workbench.directory, { recursive: true, force: true });
  }

  /** Ends a session's workbench behind the target's back, as an operator or the kernel would. */
  async killWorkbench(sessionId: SessionId): Promise<void> {
    await this.workbenches.get(sessionId)?.end('the workbench was killed from outside (exit code 137)');
  }

  /** Sets figures that `usage` answers from now on in place of zeros. */
  reportUsage(sessionId: SessionId, figures: Partial<Omit<UsageSample, 'sessionId'>>): void {
    this.figures.set(sessionId, figures);
  }

  /** @param services How many run beside the workbench. */
  usageOf(sessionId: SessionId, services: number): UsageSample | undefined {
    const workbench = this.workbenches.get(sessionId);
    if (workbench?.state !== 'running') return undefined;
    return {
      cpuSecondsTotal: 0,
      memoryBytes: 0,
      networkReceivedBytes: 0,
      networkSentBytes: 0,
      processes: 1 + workbench.commands.size + services,
      ...this.figures.get(sessionId),
      sessionId,
    };
  }
}
