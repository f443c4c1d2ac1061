import { accessSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newExecutionId } from '@nalabo/kernel';
import { describe, it } from 'vitest';
import { ExecShell } from '../command/exec-shell.js';
import type { ExecRequest, ExecStream, ExecTransport } from '../command/exec-stream.js';
import type { CommandIo, CommandReport, CommandRun, Shell } from '../exec.js';
import { LocalTransport } from '../memory/local-transport.js';
import { LaneShell } from './lane-shell.js';

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const testMark = 'NALABO_TEST_SHELL';

/** The shells that images have as their `sh`. */
const kinds = [
  { name: 'dash', file: '/usr/bin/dash' },
  { name: 'bash', file: '/usr/bin/bash' },
  { name: 'busybox', file: '/usr/bin/busybox' },
];

/** Each command looks at every process of the machine, several times when it is killed: that takes long on a busy one. */
const timeout = 60_000;

/** A group of tests for each shell of this machine; one that is not installed is skipped by name. */
export function describeShells(name: string, declare: (file: string) => void): void {
  for (const kind of kinds) {
    describe(`${name}, in ${kind.name}`, { timeout }, () => {
      if (isThere(kind.file)) declare(kind.file);
      else it.skip(`is not tested: there is no ${kind.file}`);
    });
  }
}

function isThere(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

/** A folder in which `sh` is a certain shell, and commands run by lane and by exec. */
export class LocalShells implements ExecTransport {
  readonly lanes: Shell;
  readonly execs: Shell;
  /** What has been started, in order. */
  readonly requests: ExecRequest[] = [];
  private readonly transport: LocalTransport;

  private constructor(readonly directory: string) {
    this.transport = new LocalTransport({
      directory,
      environment: { PATH: `${directory}/bin:${systemPath}`, HOME: directory, LANG: 'C.UTF-8', [testMark]: directory },
      shell: [join(directory, 'bin', 'sh')],
    });
    this.lanes = LaneShell.open(this);
    this.execs = new ExecShell(this);
  }

  static async make(file = '/usr/bin/dash'): Promise<LocalShells> {
    const directory = await mkdtemp(join(tmpdir(), 'nalabo-lane-'));
    await mkdir(join(directory, 'bin'));
    await symlink(file, join(directory, 'bin', 'sh'));
    return new LocalShells(directory);
  }

  open(request: ExecRequest): Promise<ExecStream> {
    this.requests.push(request);
    return this.transport.open(request);
  }

  /** Everything that was started here and still lives, by the names of the programs. */
  async living(): Promise<readonly string[]> {
    const processes = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
    const names = await Promise.all(processes.map((process) => this.nameIfOurs(process)));
    return names.filter((name) => name !== null);
  }

  async remove(): Promise<void> {
    await this.lanes.close();
    await rm(this.directory, { recursive: true });
  }

  private async nameIfOurs(process: string): Promise<string | null> {
    // One that has ended meanwhile is none of ours any more.
    const environment = await readFile(`/proc/${process}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`${testMark}=${this.directory}`)) return null;
    return (await readFile(`/proc/${process}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
}

export interface Ran extends CommandReport {
  readonly stdout: string;
  readonly stderr: string;
}

export type RunOptions = Partial<CommandRun> & { readonly io?: Partial<CommandIo>; readonly signal?: AbortSignal };

/** Runs a command to its end; output is kept byte by byte, as latin1. */
export async function run(shell: Shell, program: CommandRun['program'], options: RunOptions = {}): Promise<Ran> {
  const { io = {}, signal = AbortSignal.timeout(30_000), ...overrides } = options;
  const output = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const collect: CommandIo = {
    stdout: (chunk) => void output.stdout.push(Uint8Array.from(chunk)),
    stderr: (chunk) => void output.stderr.push(Uint8Array.from(chunk)),
    ...io,
  };
  const command: CommandRun = {
    executionId: newExecutionId(),
    program,
    workingDirectory: '/tmp',
    environment: {},
    stdin: null,
    ...overrides,
  };
  const report = await shell.run(command, collect, signal);
  const text = (chunks: Uint8Array[]): string => Buffer.concat(chunks).toString('latin1');
  return { ...report, stdout: text(output.stdout), stderr: text(output.stderr) };
}

export function sh(shell: Shell, text: string, options?: RunOptions): Promise<Ran> {
  return run(shell, ['sh', '-c', text], options);
}

export function exited(exitCode: number, startFailed = false): CommandReport['end'] {
  return { kind: 'exited', exitCode, startFailed };
}
