import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Envelope, type RequestOf, rpcs, type SessionView } from '@nalabo/contracts';
import { AppError, newId, newSessionId } from '@nalabo/kernel';
import { anActor, aSessionView, eventually } from '@nalabo/testing';
import { Controller, type INestApplication } from '@nestjs/common';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionOptions } from '../connection/connection-options.js';
import { NatsLink } from '../connection/nats-link.js';
import { RealBus, startService } from '../real-bus.cases.js';
import { HandleRpc } from './handle-rpc.js';
import { RpcClient } from './rpc.client.js';

type GetSession = typeof rpcs.provisioner.getSession;

const context = { actor: anActor(), correlationId: 'correlation-1' };
type Answer = (request: RequestOf<GetSession>, envelope: Envelope) => Promise<SessionView>;
const found: Answer = async ({ sessionId }) => aSessionView({ id: sessionId });
let answer = found;
let answered: string[] = [];

@Controller()
class SessionsController {
  @HandleRpc(rpcs.provisioner.getSession)
  async get(request: RequestOf<GetSession>, envelope: Envelope): Promise<SessionView> {
    answered.push(request.sessionId);
    return answer(request, envelope);
  }
}

const bus = await RealBus.prepare();
let provisioner: INestApplication;
let gateway: INestApplication;
let client: RpcClient;

const ask = (sessionId: string = newSessionId(), timeoutMs = 20_000): Promise<SessionView> =>
  client.request(rpcs.provisioner.getSession, { sessionId }, { ...context, sessionId, timeoutMs });

beforeAll(async () => {
  await bus.start();
  provisioner = await startService({ url: bus.url, service: 'provisioner', controllers: [SessionsController] });
  gateway = await startService({ url: bus.url, service: 'gateway', controllers: [] });
  client = gateway.get(RpcClient);
  await eventually(async () => ask());
});
beforeEach(() => {
  answered = [];
  answer = found;
});
afterAll(async () => {
  await gateway.close();
  await provisioner.close();
  await bus.remove();
});

describe('a request', () => {
  it('is answered with the parsed reply, and its handler gets the envelope', async () => {
    let received: Envelope | undefined;
    answer = async ({ sessionId }, envelope) => {
      received = envelope;
      return aSessionView({ id: sessionId });
    };
    const sessionId = newSessionId();
    expect(await ask(sessionId)).toMatchObject({ id: sessionId, state: 'READY' });
    expect(received).toMatchObject({
      type: 'provisioner.session.get',
      version: 1,
      correlationId: 'correlation-1',
      causationId: null,
      sessionId,
      actor: context.actor,
      payload: { sessionId },
    });
  });

  it('brings an AppError of the handler back whole', async () => {
    answer = async () => {
      throw new AppError('conflict', 'session x ended', { publicMessage: 'It has ended.', details: { field: 'id' } });
    };
    await expect(ask()).rejects.toMatchObject({
      name: 'AppError',
      kind: 'conflict',
      message: 'session x ended',
      publicMessage: 'It has ended.',
      details: { field: 'id' },
    });
  });

  it('turns an unexpected error of the handler into internal and tells the public nothing', async () => {
    answer = async () => {
      throw new TypeError('cannot read x of undefined');
    };
    await expect(ask()).rejects.toMatchObject({ kind: 'internal', publicMessage: 'An internal error occurred.' });
  });

  it('that breaks its contract is refused before the handler, with every violation', async () => {
    const refused = ask('not a session id');
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid_input',
      details: { violations: [{ field: 'sessionId' }] },
    });
    expect(answered).toEqual([]);
  });

  it('of another version or without an envelope is refused, not left unanswered', async () => {
    const connection = await connect(connectionOptions({ url: bus.url, service: 'foreign', instance: 'one' }));
    for (const text of ['not json', '{}', JSON.stringify({ id: newId() })]) {
      const reply = await connection.request(rpcs.provisioner.getSession.subject, text, { timeout: 20_000 });
      expect(reply.headers?.get('Nalabo-Error')).toBe('invalid_input');
    }
    await connection.close();
  });

  it('that nobody handles is unavailable at once, with a time to retry', async () => {
    const started = performance.now();
    const refused = client.request(rpcs.monitor.targetHealth, {}, context);
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('that is not answered in time is a timeout', async () => {
    answer = async () => {
      await pause(400);
      return aSessionView();
    };
    await expect(ask(newSessionId(), 100)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('whose reply breaks the contract is internal', async () => {
    answer = async () => ({ ...aSessionView(), state: 'ASLEEP' }) as never;
    await expect(ask()).rejects.toMatchObject({ kind: 'internal' });
  });

  it('whose reply is too large for the server is an error, not a timeout', async () => {
    answer = async () => aSessionView({ target: 'x'.repeat(1_100_000) });
    await expect(ask()).rejects.toMatchObject({ kind: 'unprocessable' });
  });

  it('whose error is of any size has that error, its texts cut', async () => {
    const long = 'x'.repeat(300_000);
    const violation = { field: long, message: long, document: 1, line: 2 };
    answer = async () => {
      throw new AppError('unprocessable', 'refused', {
        details: { field: long, violations: Array(50).fill(violation) },
      });
    };
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'unprocessable', message: 'refused' });
    const { field, violations } = (error as AppError).details;
    expect(field).toHaveLength(250);
    expect(violations).toHaveLength(50);
    expect(violations?.[0]).toMatchObject({ document: 1, line: 2 });
    expect([violations?.[0]?.field.length, violations?.[0]?.message.length]).toEqual([250, 1000]);
  });

  it.each([
    ['details', { details: { text: 'x'.repeat(1_100_000) } }],
    ['public message', { publicMessage: 'x'.repeat(1_100_000) }],
  ])('whose error has %s that no message takes has that error without details', async (_, options) => {
    answer = async () => {
      throw new AppError('conflict', 'refused', options);
    };
    await expect(ask()).rejects.toMatchObject({ kind: 'conflict', message: 'refused', details: {} });
  });

  it('reaches the named instance, and nobody when that is gone', async () => {
    const sessionId = newSessionId();
    const at = (instance: string): Promise<SessionView> =>
      client.request(rpcs.provisioner.getSession, { sessionId }, { ...context, instance });
    expect(await at('one')).toMatchObject({ id: sessionId });
    await expect(at('two')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('of many at once is answered by all replicas together, each once', async () => {
    const options = { url: bus.url, service: 'provisioner', instance: 'two', controllers: [SessionsController] };
    const second = await startService(options);
    await eventually(() => expect(second.get(NatsLink).connectionState().ready).toBe(true));
    const ids = Array.from({ length: 40 }, () => newSessionId());
    await Promise.all(ids.map((id) => ask(id)));
    expect(answered.toSorted()).toEqual(ids.toSorted());
    await second.close();
  });
});

describe('a service that stops', () => {
  it('answers the request it is handling and takes no other', async () => {
    const options = { url: bus.url, service: 'cleanup', instance: 'one', controllers: [SessionsController] };
    const only = await startService(options);
    await eventually(() => expect(only.get(NatsLink).connectionState().ready).toBe(true));
    // Its subscriptions are on their way; the request below comes over another connection and must not overtake them.
    await only.get(NatsLink).current().flush();
    const release = Promise.withResolvers<void>();
    answer = async ({ sessionId }) => {
      await release.promise;
      return aSessionView({ id: sessionId });
    };
    await provisioner.close();
    const slow = ask();
    await eventually(() => expect(answered).toHaveLength(1));
    const closed = only.close();
    await eventually(() => expect(ask(newSessionId(), 100)).rejects.toMatchObject({ kind: 'unavailable' }));
    release.resolve();
    expect(await slow).toMatchObject({ state: 'READY' });
    await closed;
    provisioner = await startService({ url: bus.url, service: 'provisioner', controllers: [SessionsController] });
    await eventually(async () => ask());
  });
});

describe('without NATS', () => {
  it('requests are unavailable at once, those under way too, and everything works again when it is back', async () => {
    const release = Promise.withResolvers<void>();
    answer = async ({ sessionId }) => {
      await release.promise;
      return aSessionView({ id: sessionId });
    };
    const underWay = ask();
    const lost = expect(underWay).rejects.toMatchObject({ kind: 'unavailable' });
    await eventually(() => expect(answered).toHaveLength(1));
    await bus.stop();
    await lost;
    release.resolve();
    // At once is within this turn of the event loop: nothing is waited for.
    const refused = Promise.race([ask(), nextTurn()]);
    await expect(refused).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 2 } });
    expect(gateway.get(NatsLink).connectionState()).toEqual({ ready: false, reason: 'NATS is not connected' });

    await bus.start();
    await eventually(async () => expect(await ask()).toMatchObject({ state: 'READY' }));
    expect(gateway.get(NatsLink).connectionState()).toEqual({ ready: true, reason: null });
  });

  it('a service starts, serves when NATS appears, and stops when it is away', async () => {
    const later = await RealBus.prepare();
    const asking = await startService({ url: later.url, service: 'gateway', controllers: [] });
    const serving = await startService({ url: later.url, service: 'provisioner', controllers: [SessionsController] });
    const request = (): Promise<SessionView> =>
      asking.get(RpcClient).request(rpcs.provisioner.getSession, { sessionId: newSessionId() }, context);
    await expect(request()).rejects.toMatchObject({ kind: 'unavailable' });
    await later.start();
    await eventually(async () => expect(await request()).toMatchObject({ state: 'READY' }));
    await later.stop();
    const started = performance.now();
    await Promise.all([asking.close(), serving.close()]);
    expect(performance.now() - started).toBeLessThan(5_000);
    const never = await startService({ url: later.url, service: 'gateway', controllers: [] });
    await never.close();
    await later.remove();
  });
});
