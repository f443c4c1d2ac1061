import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderVolumeCount } from '../ownership.js';
import type { SessionSpec } from '../session-spec.js';
import { killMarkedProcesses } from './kill-processes.js';

/** By which everything that a session runs is found when its workbench ends. */
const sessionMark = 'NALABO_SESSION_ID';

/** The running part of a memory session. Its files live in a directory of this machine, made when first needed. */
export class MemoryWorkbench {
  state: 'created' | 'running' | 'ended' = 'created';
  endReason: string | null = null;
  directory: Promise<string> | undefined;
  /** The executions that run in it. */
  readonly commands = new Set<string>();
  private looksLeft = 0;

  constructor(readonly spec: SessionSpec) {}

  start(looksUntilReady: number): void {
    if (this.state === 'running') return;
    this.state = 'running';
    this.endReason = null;
    this.looksLeft = looksUntilReady;
  }

  async end(reason: string): Promise<void> {
    this.state = 'ended';
    this.endReason = reason;
    // Without a directory no command has ever run.
    if (this.directory) await killMarkedProcesses(`${sessionMark}=${this.spec.sessionId}`);
  }

  /** One look at whether a running workbench answers; each look brings it nearer to ready. */
  look(): 'pending' | 'ready' {
    if (this.looksLeft === 0) return 'ready';
    this.looksLeft -= 1;
    return 'pending';
  }

  /** What every command of the session finds in its environment. */
  environment(): Readonly<Record<string, string>> {
    return { ...this.spec.environment, [sessionMark]: this.spec.sessionId };
  }

  /** Where a path of the session lies on this machine: `/workspace` and `/home/lab` are mapped, others are the machine's. */
  async locate(path: string): Promise<string> {
    this.directory ??= makeDirectory();
    const isInside = ['/workspace', '/home/lab'].some((root) => path === root || path.startsWith(`${root}/`));
    return isInside ? join(await this.directory, path) : path;
  }
}

async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nalabo-memory-'));
  for (let index = 0; index < folderVolumeCount; index += 1) {
    await mkdir(join(directory, 'workspace', '.folders', String(index)), { recursive: true });
  }
  await mkdir(join(directory, 'home', 'lab'), { recursive: true });
  return directory;
}
