import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import type { ExecEnd, ExecRequest, ExecStream } from '../command/exec-stream.js';
import type { CommandIo, Terminal, TerminalRequest, TerminalSize } from '../exec.js';
import { ExecTerminal } from './exec-terminal.js';

const request: TerminalRequest = { terminalId: 'terminal-1', columns: 80, rows: 24, environment: { LEVEL: 'two' } };
const exited = (exitCode: number): ExecEnd => ({ kind: 'exited', exitCode });

/** A program that does nothing until the test says how it ends; as a leash does, it ends with its input. */
class FakeStream implements ExecStream {
  readonly calls: string[] = [];
  private readonly end = Promise.withResolvers<ExecEnd>();
  private output: CommandIo | undefined;

  constructor(private readonly endOfInput: ExecEnd | null) {}

  finish(end: ExecEnd): void {
    this.end.resolve(end);
  }

  show(text: string): void | Promise<void> {
    return this.output?.stdout(Buffer.from(text));
  }

  async read(output: CommandIo): Promise<void> {
    this.output = output;
    await this.end.promise;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.calls.push(`write ${JSON.stringify(Buffer.from(bytes).toString())}`);
    return Promise.resolve();
  }

  endInput(): void {
    this.calls.push('endInput');
    if (this.endOfInput) this.finish(this.endOfInput);
  }

  isRunning(): Promise<boolean> {
    return Promise.resolve(true);
  }

  ended(): Promise<ExecEnd> {
    return this.end.promise;
  }

  close(): void {
    this.calls.push('close');
  }
}

class FakeWorkbench {
  readonly leash = new FakeStream(exited(0));
  readonly shell = new FakeStream(null);
  readonly requests: ExecRequest[] = [];
  readonly sizes: TerminalSize[] = [];
  refusal: AppError | undefined;
  scriptEnd: ExecEnd = exited(0);

  open(): Promise<Terminal> {
    const commands = { open: (asked: ExecRequest) => this.command(asked) };
    const terminals = {
      openTerminal: (asked: ExecRequest) => {
        if (this.refusal) return Promise.reject(this.refusal);
        this.requests.push(asked);
        const resize = (size: TerminalSize): Promise<void> => Promise.resolve(void this.sizes.push(size));
        return Promise.resolve({ stream: this.shell, resize });
      },
    };
    return ExecTerminal.open({ commands, terminals, directory: '/workspace' }, request);
  }

  private command(asked: ExecRequest): Promise<ExecStream> {
    if (this.refusal && this.refusal.kind !== 'conflict') return Promise.reject(this.refusal);
    this.requests.push(asked);
    if (this.requests.length === 1) return Promise.resolve(this.leash);
    const script = new FakeStream(null);
    script.finish(this.scriptEnd);
    return Promise.resolve(script);
  }
}

describe('ExecTerminal', () => {
  it('opens the leash before the shell, under another mark, and marks the shell with the terminal', async () => {
    const workbench = new FakeWorkbench();
    await workbench.open();
    expect(workbench.requests.map(({ environment }) => environment)).toEqual([
      { NALABO_EXECUTION: 'leash-terminal-1' },
      { TERM: 'xterm-256color', LEVEL: 'two', NALABO_EXECUTION: 'terminal-1' },
    ]);
    expect(workbench.requests[1]?.argv.slice(-3)).toEqual(['24', '80', '/workspace']);
  });

  it('lets the leash go when the shell cannot be started, and says that the workbench is gone', async () => {
    const workbench = new FakeWorkbench();
    workbench.refusal = new AppError('conflict', 'the container does not run');
    await expect(workbench.open()).rejects.toMatchObject({ kind: 'not_found' });
    expect(workbench.leash.calls).toEqual(['endInput', 'close']);
  });

  it('hangs up before it kills, however often it is closed, and drops what comes after', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    const shown: string[] = [];
    const reading = terminal.read((chunk) => void shown.push(Buffer.from(chunk).toString()));
    await workbench.shell.show('before');
    const closing = [terminal.close(), terminal.close()];
    await workbench.shell.show('after');
    workbench.shell.finish(exited(129));
    await Promise.all([reading, ...closing]);
    expect(workbench.leash.calls).toEqual(['write "\\n"', 'endInput', 'close']);
    expect(shown).toEqual(['before']);
  });

  it('kills by scripts what a leash that was lost has left, and the leash', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    workbench.leash.finish({ kind: 'lost', detail: 'the connection broke' });
    workbench.shell.finish({ kind: 'lost', detail: 'the connection broke' });
    await terminal.close();
    const marks = workbench.requests.slice(2).map(({ argv }) => argv.at(-2));
    expect(marks).toEqual(['terminal-1', 'leash-terminal-1']);
  });

  it('may be closed again when the target was away', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    workbench.leash.finish({ kind: 'lost', detail: 'the connection broke' });
    workbench.shell.finish({ kind: 'lost', detail: 'the connection broke' });
    workbench.refusal = new AppError('unavailable', 'the engine is away');
    await expect(terminal.close()).rejects.toMatchObject({ kind: 'unavailable' });
    workbench.refusal = undefined;
    await terminal.close();
    expect(workbench.requests).toHaveLength(4);
  });

  it('is not closed when what kills it is lost as well', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    workbench.leash.finish({ kind: 'lost', detail: 'the connection broke' });
    workbench.shell.finish({ kind: 'lost', detail: 'the connection broke' });
    workbench.scriptEnd = { kind: 'lost', detail: 'the connection broke' };
    await expect(terminal.close()).rejects.toMatchObject({ kind: 'unavailable' });
    workbench.scriptEnd = exited(0);
    await terminal.close();
  });

  it.each([
    ['the exit code', exited(3), exited(0), 3],
    ['the code of a shell that was killed', exited(137), exited(0), 137],
    ['nothing about one that was killed with its workbench', exited(137), { kind: 'lost', detail: '' } as const, null],
    ['nothing about one that is lost', { kind: 'lost', detail: '' } as const, exited(0), null],
  ])('tells %s', async (_, end, scriptEnd, told) => {
    const workbench = new FakeWorkbench();
    workbench.scriptEnd = scriptEnd;
    const terminal = await workbench.open();
    workbench.shell.finish(end);
    expect(await terminal.ended()).toBe(told);
  });

  it('knows nothing when the workbench cannot be asked', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    workbench.shell.finish(exited(137));
    workbench.refusal = new AppError('not_found', 'no such container');
    expect(await terminal.ended()).toBeNull();
    await terminal.close();
  });

  it('applies the last of many sizes', async () => {
    const workbench = new FakeWorkbench();
    const terminal = await workbench.open();
    for (let columns = 1; columns <= 100; columns += 1) terminal.resize({ columns, rows: 10 });
    await expect.poll(() => workbench.sizes).toEqual([{ columns: 100, rows: 10 }]);
    terminal.resize({ columns: 5, rows: 5 });
    workbench.shell.finish(exited(0));
    await terminal.close();
    expect(workbench.sizes).toHaveLength(1);
  });
});
