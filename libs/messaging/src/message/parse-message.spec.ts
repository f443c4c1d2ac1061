import { facts } from '@nalabo/contracts';
import { ManualClock, newSessionId } from '@nalabo/kernel';
import { anActor } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { makeEnvelope } from './make-envelope.js';
import { parseMessage } from './parse-message.js';

const fact = facts.sessionTerminated;
const context = { actor: anActor(), correlationId: 'correlation-1', sessionId: newSessionId() };
const message = makeEnvelope(fact, fact.example, context, new ManualClock());
const parse = (changed: object): unknown =>
  parseMessage(new TextEncoder().encode(JSON.stringify({ ...message, ...changed })), fact, fact.payload);

it('gives back what was made', () => {
  expect(parse({})).toEqual(message);
  expect(message).toMatchObject({ occurredAt: '2026-01-01T00:00:00.000Z', causationId: null });
});

it.each([
  ['another type', { type: 'session.ready' }, /session\.ready version 1 instead of session\.terminated version 1/],
  ['a version nobody knows', { version: 2 }, /version 2 instead of/],
  ['no actor', { actor: undefined }, /actor/],
  ['a payload of another shape', { payload: { reason: 'boredom' } }, /payload|reason/],
])('refuses %s', (_, changed, text) => {
  expect(() => parse(changed)).toThrow(
    expect.objectContaining({ kind: 'invalid_input', message: expect.stringMatching(text) }),
  );
});

it('refuses what is not JSON', () => {
  expect(() => parseMessage(new Uint8Array([0xff, 0x00]), fact, fact.payload)).toThrow(
    expect.objectContaining({ kind: 'invalid_input' }),
  );
});
