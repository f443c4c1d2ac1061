import { terminalLimits, type TerminalFrame, type TerminalMode } from '@nalabo/contracts';
import { ManualClock } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import { ScriptedTerminal } from './scripted-terminal.cases.js';
import { TerminalSession } from './terminal-session.js';

const kib = 1024;
const usual = { columns: 80, rows: 24 };
const numbered = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 253));

function aTerminal() {
  const terminal = new ScriptedTerminal();
  const clock = new ManualClock();
  const frames = new Map<string, TerminalFrame[]>();
  const bus = { isAway: false };
  const publish = (id: string, frame: TerminalFrame): boolean => {
    if (bus.isAway) return false;
    frames.set(id, [...(frames.get(id) ?? []), frame]);
    return true;
  };
  const session = new TerminalSession({ terminal, size: usual, clock, publish });
  const turns = new Map<string, number>();
  const rig = {
    terminal,
    clock,
    bus,
    session,
    over: session.run(),
    attach: (attachmentId: string, mode: TerminalMode = 'own', offset: number | null = null, size = usual) =>
      session.attach({ attachmentId, mode, offset, size }),
    turn: (attachmentId: string, request: Partial<Parameters<TerminalSession['turn']>[0]> = {}) => {
      const turn = (turns.get(attachmentId) ?? 0) + 1;
      turns.set(attachmentId, turn);
      const terminalId = '';
      return session.turn({
        terminalId,
        attachmentId,
        turn,
        input: '',
        size: null,
        received: 0,
        rewind: false,
        ...request,
      });
    },
    framesOf: (id: string) => frames.get(id) ?? [],
    lastOf: (id: string) => frames.get(id)?.at(-1),
    outputOf: (id: string): Buffer =>
      Buffer.concat(
        rig.framesOf(id).flatMap((frame) => (frame.kind === 'output' ? [Buffer.from(frame.data, 'base64')] : [])),
      ),
  };
  return rig;
}

const typing = (text: string) => ({ input: Buffer.from(text).toString('base64') });

describe('output', () => {
  it('reaches the owner and the watchers, byte for byte', async () => {
    const { attach, terminal, outputOf } = aTerminal();
    attach('owner');
    attach('watcher', 'watch');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await terminal.print(bytes);
    expect(outputOf('owner').equals(bytes)).toBe(true);
    expect(outputOf('watcher').equals(bytes)).toBe(true);
  });

  it('is kept without anybody, and given to whoever comes: from the beginning, or what was missed', async () => {
    const { attach, terminal, outputOf } = aTerminal();
    await terminal.print('one two');
    expect(attach('first')).toEqual({ offset: 0, end: 7, size: usual });
    expect(attach('second', 'own', 4)).toMatchObject({ offset: 4, end: 7 });
    expect([outputOf('first').toString(), outputOf('second').toString()]).toEqual(['one two', 'two']);
  });

  it('rolls without an owner, and tells from where it is kept', async () => {
    const { attach, terminal } = aTerminal();
    for (let index = 0; index < 40; index += 1) await terminal.print(Buffer.alloc(64 * kib, index));
    const { offset, end } = attach('late', 'own', 10);
    expect(end).toBe(40 * 64 * kib);
    expect(end - offset).toBe(terminalLimits.keptBytes);
  });

  it('stops at an owner who does not acknowledge, and goes on with the acknowledgement', async () => {
    const { attach, turn, terminal, outputOf } = aTerminal();
    attach('owner');
    const bytes = numbered(900 * kib);
    let hasTaken = 0;
    const printed = (async () => {
      for (let at = 0; at < bytes.length; at += 30 * kib) {
        await terminal.print(bytes.subarray(at, at + 30 * kib));
        hasTaken = at;
      }
    })();
    await eventually(() => expect(outputOf('owner')).toHaveLength(256 * kib));
    expect(hasTaken).toBeLessThan(256 * kib);
    await eventually(() => {
      const { sent } = turn('owner', { received: outputOf('owner').length });
      expect(sent).toBe(bytes.length);
    });
    await printed;
    expect(outputOf('owner').equals(bytes)).toBe(true);
  });

  it('goes on when the owner who did not acknowledge leaves', async () => {
    const { attach, session, terminal } = aTerminal();
    attach('owner');
    const printed = terminal.print(Buffer.alloc(300 * kib));
    session.detach('owner');
    await printed;
  });

  it('does not wait for a watcher, who is closed when what comes next is gone', async () => {
    const { attach, terminal, lastOf, turn } = aTerminal();
    attach('watcher', 'watch');
    for (let index = 0; index < 20; index += 1) await terminal.print(Buffer.alloc(100 * kib));
    expect(lastOf('watcher')).toEqual({ kind: 'closed', reason: 'lagged' });
    expect(() => turn('watcher')).toThrow(expect.objectContaining({ kind: 'not_found' }));
  });

  it('comes again when it was lost on the way, or could not be sent', async () => {
    const { attach, bus, terminal, turn, outputOf } = aTerminal();
    attach('owner');
    await terminal.print('lost?');
    turn('owner', { received: 2, rewind: true });
    expect(outputOf('owner').toString()).toBe('lost?st?');
    bus.isAway = true;
    await terminal.print(' later');
    bus.isAway = false;
    expect(turn('owner', { received: 5 }).sent).toBe(11);
    expect(outputOf('owner').toString()).toBe('lost?st? later');
  });

  it('is not taken as received before it was sent', async () => {
    const { attach, terminal, turn } = aTerminal();
    attach('owner');
    turn('owner', { received: 10 ** 9 });
    void terminal.print(Buffer.alloc(600 * kib));
    await eventually(() => expect(turn('owner').sent).toBe(256 * kib));
  });
});

describe('input', () => {
  it('is typed in order, once, also when a turn is repeated', async () => {
    const { attach, turn, terminal } = aTerminal();
    attach('owner');
    turn('owner', typing('a'));
    turn('owner', { ...typing('b'), turn: 2 });
    turn('owner', { ...typing('b'), turn: 2 });
    turn('owner', { ...typing('c'), turn: 3 });
    await eventually(() => expect(terminal.typed).toEqual(['a', 'b', 'c']));
  });

  it('waits without holding up acknowledgements while nobody reads it, within its room', async () => {
    const { attach, turn, terminal } = aTerminal();
    attach('owner');
    terminal.unread = Promise.withResolvers();
    expect(turn('owner', typing('x'.repeat(60 * kib))).room).toBe(4 * kib);
    expect(() => turn('owner', typing('y'.repeat(5 * kib)))).toThrow(expect.objectContaining({ kind: 'exhausted' }));
    expect(turn('owner').room).toBe(4 * kib);
    terminal.unread.resolve();
    await eventually(() => expect(turn('owner').room).toBe(64 * kib));
    expect(terminal.typed.join('')).toBe('x'.repeat(60 * kib));
  });

  it('is refused from a watcher, and so is a size', () => {
    const { attach, turn, terminal } = aTerminal();
    attach('watcher', 'watch');
    for (const request of [typing('rm'), { size: { columns: 10, rows: 10 } }]) {
      expect(() => turn('watcher', request)).toThrow(expect.objectContaining({ kind: 'forbidden' }));
    }
    expect([terminal.typed, terminal.sizes]).toEqual([[], []]);
  });
});

describe('connections', () => {
  it('give the terminal to the newest owner', async () => {
    const { attach, turn, terminal, lastOf, outputOf } = aTerminal();
    attach('first');
    attach('second', 'own', null, { columns: 120, rows: 40 });
    expect(lastOf('first')).toEqual({ kind: 'closed', reason: 'taken_over' });
    expect(() => turn('first', typing('x'))).toThrow(expect.objectContaining({ kind: 'not_found' }));
    await terminal.print('mine');
    expect([outputOf('first').toString(), outputOf('second').toString()]).toEqual(['', 'mine']);
    expect(terminal.sizes).toEqual([{ columns: 120, rows: 40 }]);
  });

  it('tell watchers the size', () => {
    const { attach, turn, terminal, framesOf } = aTerminal();
    attach('owner');
    attach('watcher', 'watch');
    const size = { columns: 100, rows: 30 };
    turn('owner', { size });
    turn('owner', { size });
    expect(framesOf('watcher')).toEqual([{ kind: 'resize', ...size }]);
    expect(terminal.sizes).toEqual([size]);
    expect(attach('another', 'watch')).toMatchObject({ size });
  });

  it('may be eight watchers', () => {
    const { attach } = aTerminal();
    for (let index = 0; index < 8; index += 1) attach(`watcher-${index}`, 'watch');
    expect(() => attach('one more', 'watch')).toThrow(expect.objectContaining({ kind: 'exhausted' }));
  });

  it('are dropped when they give no sign of life for 30 seconds', () => {
    const { attach, clock, session, turn, lastOf } = aTerminal();
    attach('silent');
    attach('lively', 'watch');
    clock.advance(20_000);
    turn('lively');
    clock.advance(11_000);
    session.tidy();
    expect(lastOf('silent')).toEqual({ kind: 'closed', reason: 'lost' });
    expect(() => turn('lively')).not.toThrow();
  });
});

describe('the end', () => {
  it('of the shell is told with its code, behind its last output', async () => {
    const { attach, terminal, framesOf, over } = aTerminal();
    attach('owner');
    void terminal.print('bye');
    terminal.exit(3);
    expect(await over).toBe('exited');
    expect(framesOf('owner').map(({ kind }) => kind)).toEqual(['output', 'ended']);
    expect(framesOf('owner').at(-1)).toEqual({ kind: 'ended', exitCode: 3 });
    expect(() => attach('late')).toThrow(expect.objectContaining({ kind: 'gone' }));
  });

  it('of a shell that was lost is told as such', async () => {
    const { attach, terminal, lastOf, over } = aTerminal();
    attach('owner');
    terminal.exit(null);
    expect(await over).toBe('lost');
    expect(lastOf('owner')).toEqual({ kind: 'closed', reason: 'lost' });
  });

  it('comes after half an hour without input, however much output there is', async () => {
    const { attach, clock, session, terminal, turn, lastOf, over } = aTerminal();
    attach('owner');
    clock.advance(29 * 60_000);
    turn('owner', typing('x'));
    clock.advance(29 * 60_000);
    turn('owner');
    await terminal.print('tick');
    session.tidy();
    expect(lastOf('owner')).toMatchObject({ kind: 'output' });
    clock.advance(61_000);
    turn('owner');
    session.tidy();
    expect(lastOf('owner')).toEqual({ kind: 'closed', reason: 'idle' });
    expect(await over).toBe('idle');
  });

  it('that somebody asked for closes the shell, even while its output waits for its owner', async () => {
    const { attach, session, terminal, lastOf, over } = aTerminal();
    attach('owner');
    attach('watcher', 'watch');
    void terminal.print(Buffer.alloc(600 * kib));
    await eventually(() => expect(lastOf('owner')).toBeDefined());
    session.end('session_over');
    session.end('idle');
    expect(await over).toBe('session_over');
    expect(terminal.closes).toBe(1);
    for (const id of ['owner', 'watcher']) expect(lastOf(id)).toEqual({ kind: 'closed', reason: 'session_over' });
  });
});
