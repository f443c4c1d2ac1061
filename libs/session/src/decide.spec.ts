import { sessionStateSchema } from '@nalabo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from './decide.js';
import { maximumAttempts } from './policy.js';
import { transitions, type SessionFacts, type Sight } from './session.js';

const now = new Date('2026-01-01T12:00:00Z');
const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

const base: SessionFacts = {
  state: 'READY',
  desired: 'present',
  reason: null,
  expiresAt: at(3600),
  stateDeadlineAt: null,
  attempt: 0,
  restarts: 0,
  retryAt: null,
  unsettledBy: null,
};
const unknown: Sight = { presence: 'unknown' };
const gone: Sight = { presence: 'absent' };
const seen = (readiness: 'pending' | 'ready' | 'stopped'): Sight => ({ presence: 'present', readiness, reason: null });

const table: readonly [string, Partial<SessionFacts>, Sight, Decision][] = [
  ['provisions a requested session', { state: 'REQUESTED' }, gone, { action: 'provision' }],
  ['builds what is absent', { state: 'PROVISIONING' }, gone, { action: 'ensure' }],
  ['builds on what is half made', { state: 'PROVISIONING' }, seen('pending'), { action: 'ensure' }],
  ['is ready when it is seen ready', { state: 'PROVISIONING' }, seen('ready'), { action: 'become_ready' }],
  [
    'is not ready before what its workshop brings is there, however well it looks',
    { state: 'PROVISIONING', unsettledBy: 'creation' },
    seen('ready'),
    { action: 'ensure' },
  ],
  [
    'fails when what its workshop brings cannot be made, however well it looks',
    { state: 'PROVISIONING', unsettledBy: 'creation', attempt: maximumAttempts },
    seen('ready'),
    { action: 'terminate', reason: 'failed', cause: null },
  ],
  [
    'pauses after a failed attempt',
    { state: 'PROVISIONING', attempt: 1, retryAt: at(1) },
    gone,
    { action: 'wait', until: at(1) },
  ],
  ['tries again after the pause', { state: 'PROVISIONING', attempt: 1, retryAt: at(0) }, gone, { action: 'ensure' }],
  [
    'fails after too many attempts',
    { state: 'PROVISIONING', attempt: maximumAttempts },
    gone,
    { action: 'terminate', reason: 'failed', cause: null },
  ],
  [
    'fails at the deadline of its state',
    { state: 'PROVISIONING', stateDeadlineAt: at(0) },
    seen('pending'),
    { action: 'terminate', reason: 'failed', cause: 'the session was not ready in time' },
  ],
  [
    'is ready although its deadline passed while nobody looked',
    { state: 'PROVISIONING', stateDeadlineAt: at(-60) },
    seen('ready'),
    { action: 'become_ready' },
  ],
  [
    'waits for a target that cannot be looked at, whatever the deadline says',
    { state: 'PROVISIONING', stateDeadlineAt: at(-60) },
    unknown,
    { action: 'wait', until: at(2) },
  ],
  [
    'ends an expired session without a look at its target',
    { expiresAt: at(0) },
    unknown,
    { action: 'terminate', reason: 'expired', cause: null },
  ],
  [
    'removes nothing from a target that cannot be looked at',
    { state: 'TERMINATING' },
    unknown,
    { action: 'wait', until: at(2) },
  ],
  ['counts no restart against a target that cannot be looked at', {}, unknown, { action: 'wait', until: at(2) }],
  [
    'lets a restarted workbench take its time',
    { restarts: 1, stateDeadlineAt: at(9) },
    seen('pending'),
    { action: 'wait', until: at(0.5) },
  ],
  [
    'counts another restart when the restarted workbench is dead again',
    { restarts: 1 },
    seen('stopped'),
    { action: 'restart', cause: 'the workbench has stopped', retryAt: at(5) },
  ],
  ['leaves a healthy session alone', {}, seen('ready'), { action: 'wait', until: at(5) }],
  ['restores what an apply that was cut off has left', { unsettledBy: 'apply' }, seen('ready'), { action: 'ensure' }],
  [
    'pauses after it could not be restored',
    { unsettledBy: 'apply', attempt: 1, retryAt: at(1) },
    seen('ready'),
    { action: 'wait', until: at(1) },
  ],
  ['looks again at the expiry', { expiresAt: at(2) }, seen('ready'), { action: 'wait', until: at(2) }],
  [
    'ends a session whose time is over without being told',
    { expiresAt: at(0) },
    seen('ready'),
    { action: 'terminate', reason: 'expired', cause: null },
  ],
  [
    'ends a session that is not wanted',
    { desired: 'absent', reason: 'requested' },
    seen('ready'),
    { action: 'terminate', reason: 'requested', cause: null },
  ],
  [
    'ends a session that is deleted while it is built',
    { state: 'PROVISIONING', desired: 'absent', reason: 'admin' },
    seen('pending'),
    { action: 'terminate', reason: 'admin', cause: null },
  ],
  [
    'restarts a workbench that died, after a pause',
    {},
    seen('stopped'),
    { action: 'restart', cause: 'the workbench has stopped', retryAt: at(1) },
  ],
  ['waits for the pause to end', { restarts: 1, retryAt: at(1) }, gone, { action: 'wait', until: at(1) }],
  ['carries the restart out', { restarts: 1, retryAt: at(0) }, gone, { action: 'ensure' }],
  [
    'pauses longer before each restart',
    { restarts: 1 },
    gone,
    { action: 'restart', cause: 'the workbench is gone', retryAt: at(5) },
  ],
  [
    'fails when the workbench dies once too often',
    { restarts: maximumAttempts },
    gone,
    { action: 'terminate', reason: 'failed', cause: 'the workbench is gone' },
  ],
  ['removes what is left', { state: 'TERMINATING', desired: 'absent' }, seen('stopped'), { action: 'destroy' }],
  [
    'removes again only after the pause',
    { state: 'TERMINATING', retryAt: at(3) },
    seen('ready'),
    { action: 'wait', until: at(3) },
  ],
  ['finishes when nothing is left', { state: 'TERMINATING', retryAt: at(3) }, gone, { action: 'finish' }],
  ['never looks at an ended session again', { state: 'TERMINATED' }, seen('ready'), { action: 'settled' }],
];

const anyFacts = fc.record({
  state: fc.constantFrom(...sessionStateSchema.options),
  desired: fc.constantFrom('present' as const, 'absent' as const),
  reason: fc.constantFrom(null, 'requested' as const, 'admin' as const),
  expiresAt: fc.integer({ min: -10, max: 10 }).map(at),
  stateDeadlineAt: fc.option(fc.integer({ min: -10, max: 10 }).map(at)),
  attempt: fc.integer({ min: 0, max: 5 }),
  restarts: fc.integer({ min: 0, max: 5 }),
  retryAt: fc.option(fc.integer({ min: -10, max: 10 }).map(at)),
  unsettledBy: fc.constantFrom(null, 'apply'),
});
const anySight = fc.constantFrom(unknown, gone, seen('pending'), seen('ready'), seen('stopped'));

describe('decide', () => {
  it.each(table)('%s', (_, facts, sight, expected) => {
    expect(decide({ ...base, ...facts }, sight, now)).toEqual(expected);
  });

  it('never waits for a moment that has passed, so the loop can not spin', () => {
    fc.assert(
      fc.property(anyFacts, anySight, (facts, sight) => {
        const decision = decide(facts, sight, now);
        return decision.action !== 'wait' || decision.until > now;
      }),
    );
  });

  it('never builds a session that must end', () => {
    fc.assert(
      fc.property(anyFacts, anySight, (facts, sight) => {
        const mustEnd = facts.desired === 'absent' || facts.expiresAt <= now;
        const builds = ['provision', 'ensure', 'become_ready', 'restart'];
        return !mustEnd || !builds.includes(decide(facts, sight, now).action);
      }),
    );
  });

  it('never removes anything of a session that has not entered TERMINATING', () => {
    fc.assert(
      fc.property(
        anyFacts,
        anySight,
        (facts, sight) => facts.state === 'TERMINATING' || decide(facts, sight, now).action !== 'destroy',
      ),
    );
  });

  it('brings every session to an end when its target obeys, from any state and in few steps', () => {
    fc.assert(
      fc.property(anyFacts, anySight, (facts, sight) => {
        const visible = sight.presence === 'unknown' ? seen('ready') : sight;
        expect(runToEnd({ ...facts, desired: 'absent' }, visible)).toBeLessThan(8);
      }),
    );
  });
});

/** Carries decisions out against an obedient target and counts the steps to the end. */
function runToEnd(session: SessionFacts, sight: Sight): number {
  let [current, visible, clock, steps] = [session, sight, now, 0];
  for (; steps < 20; steps += 1) {
    const decision = decide(current, visible, clock);
    if (decision.action === 'settled') return steps;
    if (decision.action === 'wait') clock = decision.until;
    if (decision.action === 'destroy') visible = gone;
    if (decision.action === 'terminate') current = enter(current, 'TERMINATING');
    if (decision.action === 'finish') current = enter(current, 'TERMINATED');
  }
  return steps;
}

function enter(session: SessionFacts, state: SessionFacts['state']): SessionFacts {
  expect(transitions[session.state]).toContain(state);
  return { ...session, state, retryAt: null };
}
