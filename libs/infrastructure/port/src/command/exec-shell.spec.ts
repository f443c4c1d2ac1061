import { AppError, newExecutionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import type { CommandIo, CommandRun } from '../exec.js';
import { ExecShell } from './exec-shell.js';
import type { ExecEnd, ExecRequest, ExecStream, ExecTransport } from './exec-stream.js';

const command: CommandRun = {
  executionId: newExecutionId(),
  program: ['true'],
  workingDirectory: '/workspace',
  environment: {},
  stdin: null,
};
const exited = (exitCode: number): ExecEnd => ({ kind: 'exited', exitCode });
const never = (): Promise<never> => new Promise(() => undefined);
const gone = (): Promise<never> => Promise.reject(new AppError('not_found', 'no such container'));

/** A workbench in which one command does as it is told and scripts of ours succeed, unless it has died. */
class FakeWorkbench implements ExecTransport {
  readonly requests: ExecRequest[] = [];
  readonly input: string[] = [];
  isDead = false;
  /** Asks for the end of the command. */
  ended: () => Promise<ExecEnd> = () => Promise.resolve(this.command.end ?? exited(0));

  constructor(
    private readonly command: { read?: (output: CommandIo, token: string) => Promise<void>; end?: ExecEnd },
  ) {}

  open(request: ExecRequest): Promise<ExecStream> {
    if (this.isDead) return gone();
    this.requests.push(request);
    const token = request.argv[3] ?? '';
    const isCommand = request.mayLeaveProcesses;
    const { read = () => Promise.resolve() } = isCommand ? this.command : {};
    return Promise.resolve({
      read: (output) => read(output, token),
      write: (bytes) => Promise.resolve(void this.input.push(Buffer.from(bytes).toString())),
      endInput: () => void this.input.push('end'),
      isRunning: () => Promise.resolve(true),
      ended: () => (isCommand ? this.ended() : Promise.resolve(exited(0))),
      close: () => undefined,
    });
  }

  async run(overrides: Partial<CommandRun> = {}, signal = new AbortController().signal) {
    const output = { stdout: '', stderr: '' };
    const io: CommandIo = {
      stdout: (chunk) => void (output.stdout += Buffer.from(chunk).toString()),
      stderr: (chunk) => void (output.stderr += Buffer.from(chunk).toString()),
    };
    const { end } = await new ExecShell(this).run({ ...command, ...overrides }, io, signal);
    return { end, ...output };
  }

  /** The scripts that were run beside the command, by their parameters. */
  get scripts(): readonly (readonly string[])[] {
    return this.requests.filter(({ mayLeaveProcesses }) => !mayLeaveProcesses).map(({ argv }) => argv.slice(4));
  }
}

const started =
  (then: (output: CommandIo, token: string) => Promise<void>) =>
  async (output: CommandIo, token: string): Promise<void> => {
    await output.stderr(Buffer.from(`${token} 42\n`));
    await then(output, token);
  };
const say = (text: string) => started(async (output) => output.stderr(Buffer.from(text)));

describe('ExecShell', () => {
  it('takes the start notice out of stderr and answers with the exit code', async () => {
    const workbench = new FakeWorkbench({ read: say('warning\n'), end: exited(3) });
    expect(await workbench.run()).toEqual({
      end: { kind: 'exited', exitCode: 3, startFailed: false },
      stdout: '',
      stderr: 'warning\n',
    });
  });

  it('tells a failed start by the complaint of the shell, and by a shell that said nothing', async () => {
    const complaining = started(async (output, token) =>
      output.stderr(Buffer.from(`${token}: 1: exec: x: not found\n`)),
    );
    expect(await new FakeWorkbench({ read: complaining, end: exited(127) }).run()).toMatchObject({
      end: { kind: 'exited', exitCode: 127, startFailed: true },
      stderr: 'sh: 1: exec: x: not found\n',
    });
    expect((await new FakeWorkbench({ end: exited(126) }).run()).end).toMatchObject({ startFailed: true });
  });

  it('sends input and closes it behind', async () => {
    const workbench = new FakeWorkbench({ read: say('') });
    await workbench.run({ stdin: Buffer.from('input') });
    expect(workbench.input).toEqual(['input', 'end']);
    expect(workbench.requests.map(({ hasInput }) => hasInput)).toEqual([true]);
  });

  it('starts nothing when the signal was aborted before', async () => {
    const workbench = new FakeWorkbench({});
    expect((await workbench.run({}, AbortSignal.abort())).end).toEqual({ kind: 'killed' });
    expect(workbench.requests).toEqual([]);
  });

  it('ends the process group and all that carries the mark on abort', async () => {
    const abort = new AbortController();
    let finish = (): void => undefined;
    const read = started(() => {
      abort.abort();
      return new Promise<void>((resolve) => (finish = resolve));
    });
    const workbench = new FakeWorkbench({ read });
    abort.signal.addEventListener('abort', () => queueMicrotask(() => finish()));
    expect((await workbench.run({}, abort.signal)).end).toEqual({ kind: 'killed' });
    expect(workbench.scripts).toEqual([['42'], ['42', command.executionId, '']]);
  });

  it('kills a command whose output is refused, and throws why', async () => {
    const workbench = new FakeWorkbench({ read: started(() => Promise.reject(new Error('no more'))) });
    await expect(workbench.run()).rejects.toThrow('no more');
    expect(workbench.scripts.at(-1)).toEqual(['42', command.executionId, '']);
  });

  it('takes a kill for the end of the workbench when nothing can be started in it any more', async () => {
    const dying = new FakeWorkbench({
      read: started(async () => {
        dying.isDead = true;
      }),
      end: exited(137),
    });
    expect((await dying.run()).end).toEqual({ kind: 'lost', detail: 'the workbench stopped' });
    expect((await new FakeWorkbench({ read: say(''), end: exited(137) }).run()).end).toMatchObject({ exitCode: 137 });
  });

  it('starts nothing in a workbench that is gone, and is lost when it cannot be reached to kill', async () => {
    const dead = new FakeWorkbench({});
    dead.isDead = true;
    await expect(dead.run()).rejects.toMatchObject({ kind: 'not_found' });
    const dying = new FakeWorkbench({
      read: started(() => {
        dying.isDead = true;
        return never();
      }),
    });
    expect((await dying.run({}, AbortSignal.timeout(20))).end).toMatchObject({ kind: 'lost' });
  });

  it.each(['unavailable', 'timeout', 'not_found'] as const)(
    'is lost when the infrastructure cannot tell its end (%s): it has been started',
    async (kind) => {
      const failing = new FakeWorkbench({ read: say('begun') });
      failing.ended = () => Promise.reject(new AppError(kind, 'away'));
      expect((await failing.run()).end).toMatchObject({ kind: 'lost' });
    },
  );

  it('passes on what the infrastructure says for itself', async () => {
    const away: ExecTransport = { open: () => Promise.reject(new AppError('unavailable', 'away')) };
    const io = { stdout: () => undefined, stderr: () => undefined };
    const running = new ExecShell(away).run(command, io, new AbortController().signal);
    await expect(running).rejects.toMatchObject({ kind: 'unavailable' });
    const lost: ExecEnd = { kind: 'lost', detail: 'nobody knows' };
    expect((await new FakeWorkbench({ read: say(''), end: lost }).run()).end).toEqual(lost);
  });
});
