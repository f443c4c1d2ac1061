import { AppError } from '@nalabo/kernel';
import { JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { connectionOptions } from './connection-options.js';
import { connectionState } from './connection-state.js';
import { fromNatsError } from './from-nats-error.js';

const noResponders = new errors.RequestError('', { cause: new errors.NoRespondersError('a.subject') });

it.each([
  ['no responder', noResponders, 'unavailable'],
  ['no responder below another error', new Error('jetstream is not enabled', { cause: noResponders }), 'unavailable'],
  ['a closed connection', new errors.ClosedConnectionError(), 'unavailable'],
  ['a draining connection', new errors.DrainingConnectionError(), 'unavailable'],
  ['a connection error', new errors.ConnectionError('refused'), 'unavailable'],
  ['a failing JetStream', new JetStreamError('insufficient resources'), 'unavailable'],
  ['a timeout', new errors.TimeoutError(), 'timeout'],
  ['a message too large', errors.InvalidArgumentError.format('payload', 'max_payload size exceeded'), 'unprocessable'],
  ['a mistake of ours', new TypeError('x is undefined'), 'internal'],
])('reads %s as its kind', (_, thrown, kind) => {
  const error = fromNatsError(thrown, 'request a.subject');
  expect(error).toMatchObject({ kind });
  expect(error.publicMessage).not.toContain('a.subject');
});

it('keeps an AppError and says when a retry is worth trying', () => {
  const known = new AppError('conflict', 'known');
  expect(fromNatsError(known, 'request a.subject')).toBe(known);
  expect(fromNatsError(noResponders, 'request a.subject').details.retryAfterSeconds).toBe(2);
});

it('takes the credentials out of the addresses', () => {
  const url = 'nats://user:p%40ss@one:4222, nats://user:p%40ss@two:4223';
  expect(connectionOptions({ url, service: 'gateway', instance: 'a' })).toMatchObject({
    servers: ['one:4222', 'two:4223'],
    user: 'user',
    pass: 'p@ss',
    maxReconnectAttempts: -1,
  });
});

it('refuses a URL that is none without showing it', () => {
  const broken = (): unknown => connectionOptions({ url: '//user:secret@host', service: 'gateway', instance: 'a' });
  expect(broken).toThrow(expect.objectContaining({ kind: 'invalid_input', message: 'the NATS URL is not a URL' }));
});

it.each([
  [undefined, { ready: false, reason: 'NATS is not connected' }],
  [1_048_576, { ready: true, reason: null }],
  [
    65_536,
    {
      ready: false,
      reason: 'NATS accepts messages of 65536 bytes, but 1048576 are required: raise max_payload',
    },
  ],
])('judges a server that takes %s bytes', (maxPayload, expected) => {
  expect(connectionState(maxPayload)).toEqual(expected);
});
