import type { CommandEnd } from '@nalabo/infrastructure-port';
import { describe, expect, it } from 'vitest';
import { conclude, type Conclusion, type StopCause } from './conclusion.js';

const exited = (exitCode: number, startFailed = false): CommandEnd => ({ kind: 'exited', exitCode, startFailed });
const killed: CommandEnd = { kind: 'killed' };
const lost: CommandEnd = { kind: 'lost', detail: 'connection reset' };

describe('conclude', () => {
  it.each<[CommandEnd, StopCause, Conclusion]>([
    [exited(0), null, { outcome: 'succeeded', exitCode: 0, startFailed: false }],
    [exited(127), null, { outcome: 'failed', exitCode: 127, startFailed: false }],
    [exited(127, true), null, { outcome: 'failed', exitCode: null, startFailed: true }],
    [exited(0), 'timeout', { outcome: 'succeeded', exitCode: 0, startFailed: false }],
    [killed, 'timeout', { outcome: 'timed_out', exitCode: null, startFailed: false }],
    [killed, 'flood', { outcome: 'failed', exitCode: null, startFailed: false }],
    [killed, 'cancelled', { outcome: 'cancelled', exitCode: null, startFailed: false }],
    [killed, 'session-end', { outcome: 'cancelled', exitCode: null, startFailed: false }],
    [exited(3), 'cancelled', { outcome: 'failed', exitCode: 3, startFailed: false }],
    [lost, 'cancelled', { outcome: 'unknown', exitCode: null, startFailed: false }],
    [killed, 'shutdown', { outcome: 'unknown', exitCode: null, startFailed: false }],
    [killed, null, { outcome: 'unknown', exitCode: null, startFailed: false }],
    [lost, null, { outcome: 'unknown', exitCode: null, startFailed: false }],
    [lost, 'timeout', { outcome: 'unknown', exitCode: null, startFailed: false }],
  ])('reads %j after %j as %j', (end, cause, expected) => {
    expect(conclude(end, cause)).toEqual(expected);
  });
});
