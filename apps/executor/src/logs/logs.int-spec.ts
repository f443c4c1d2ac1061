import { serviceLogLimits } from '@nalabo/contracts';
import { MemoryTarget } from '@nalabo/infrastructure-port';
import { newId, newSessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';
import { aSessionWithService, LogClient, write } from './log-client.cases.js';

let rig: ExecutorRig;
beforeAll(async () => {
  const fixed = Object.assign(new MemoryTarget({ name: 'fixed' }), { apply: null });
  rig = await startExecutorRig([fixed]);
});
afterEach(() => {
  Object.assign(rig.target.backend.faults, { unavailable: false, hang: false });
});
afterAll(() => rig.stop());

/** What the infrastructure reads for us at this moment. */
const reads = (): number => rig.target.backend.logs.readers;
const nothingIsRead = (): Promise<void> => eventually(() => expect(reads()).toBe(0));

describe('the log of a service', () => {
  it('is its last lines, and then its end', async () => {
    const sessionId = await aSessionWithService(rig);
    write(rig, sessionId, 'one\ntwo\nthree\n');
    const client = await LogClient.open(rig, sessionId, { tail: 2, follow: false });
    await eventually(() => expect(client.end).toBe('complete'));
    expect(client.text).toBe('two\nthree\n');
    await expect(client.keep()).rejects.toMatchObject({ kind: 'not_found' });
    expect(await client.close()).toEqual({});
    await nothingIsRead();
  });

  it('comes whole, however much it is, as its reader takes it', async () => {
    const sessionId = await aSessionWithService(rig);
    const text = Array.from({ length: 4000 }, (_, line) => `${line} ${'x'.repeat(1000)}\n`).join('');
    write(rig, sessionId, text);
    const client = await LogClient.open(rig, sessionId, { tail: 5000, follow: false });
    await eventually(async () => {
      if (client.end === undefined) await client.keep(client.text.length);
      expect(client.end).toBe('complete');
    });
    expect(client.text).toBe(text);
  });

  it('that is followed goes on with what is written, until its service ends', async () => {
    const sessionId = await aSessionWithService(rig);
    write(rig, sessionId, 'one\n');
    const client = await LogClient.open(rig, sessionId);
    await eventually(() => expect(client.text).toBe('one\n'));
    write(rig, sessionId, 'two\n');
    await eventually(() => expect(client.text).toBe('one\ntwo\n'));
    expect(client.end).toBeUndefined();
    rig.target.backend.removeObject({ kind: 'container', name: `nalabo-session-${sessionId}-s-web` });
    await eventually(() => expect(client.end).toBe('complete'));
    await nothingIsRead();
  });

  it('ends with its session', async () => {
    const [sessionId, other] = [await aSessionWithService(rig), await aSessionWithService(rig)];
    const [client, unconcerned] = [await LogClient.open(rig, sessionId), await LogClient.open(rig, other)];
    await rig.announceEnd(sessionId);
    await eventually(() => expect(client.end).toBe('session_over'));
    expect(reads()).toBe(1);
    await unconcerned.keep();
    await unconcerned.close();
    await nothingIsRead();
  });

  it('is read once for the same reader', async () => {
    const sessionId = await aSessionWithService(rig);
    const client = await LogClient.open(rig, sessionId);
    const { readerId } = client;
    await expect(LogClient.open(rig, sessionId, { readerId })).rejects.toMatchObject({ kind: 'conflict' });
    await client.keep();
    await client.close();
    await nothingIsRead();
  });

  it('is let go at once when its reader leaves', async () => {
    const sessionId = await aSessionWithService(rig);
    const client = await LogClient.open(rig, sessionId);
    await eventually(() => expect(reads()).toBe(1));
    await client.close();
    await nothingIsRead();
    expect(client.end).toBeUndefined();
  });

  it('is told to be over, and is let go, when its executor stops', async () => {
    const sessionId = await aSessionWithService(rig);
    const replica = newId();
    const second = await rig.startExecutor(replica);
    const client = await eventually(() => LogClient.open(rig, sessionId, {}, { instance: replica }));
    expect(client.instance).toBe(replica);
    await eventually(() => expect(reads()).toBe(1));
    await second.close();
    await eventually(() => expect(client.end).toBe('shutdown'));
    await nothingIsRead();
  });

  it('is let go when the message bus goes away, for what it lost is lost', async () => {
    const sessionId = await aSessionWithService(rig);
    const client = await LogClient.open(rig, sessionId);
    await eventually(() => expect(reads()).toBe(1));
    await rig.nats.halt();
    await eventually(() => {
      write(rig, sessionId, 'unheard\n');
      expect(reads()).toBe(0);
    });
    await rig.nats.resume();
    await eventually(() => expect(client.keep()).rejects.toMatchObject({ kind: 'not_found' }));
    const next = await eventually(() => LogClient.open(rig, sessionId));
    await next.close();
  });
});

describe('the log of a service is refused', () => {
  const refusalOf = (sessionId: string, request = {}, actor = learner) =>
    LogClient.open(rig, sessionId, request, { actor }).then(
      () => undefined,
      (error: unknown) => error as { readonly kind: string; readonly publicMessage: string },
    );

  it('for a service that is not there, by its name', async () => {
    const sessionId = await aSessionWithService(rig);
    const refusal = await refusalOf(sessionId, { service: 'db' });
    expect(refusal).toMatchObject({ kind: 'not_found', publicMessage: 'The session has no service db.' });
  });

  it('for a foreign session as for a missing one', async () => {
    const sessionId = await aSessionWithService(rig);
    const stranger = anActor({ ownerId: 'somebody-else' });
    const [foreign, missing] = [await refusalOf(sessionId, {}, stranger), await refusalOf(newSessionId())];
    expect([foreign?.kind, missing?.kind]).toEqual(['not_found', 'not_found']);
    expect(foreign?.publicMessage.replace(sessionId, '')).toBe(missing?.publicMessage.replace(/[a-z2-7]{26}/, ''));
  });

  it('by where and how the session is', async () => {
    expect(await refusalOf(await rig.aSession({ target: 'fixed' }))).toMatchObject({ kind: 'unprocessable' });
    expect(await refusalOf(await rig.aSession({ state: 'PROVISIONING' }))).toMatchObject({ kind: 'conflict' });
    expect(await refusalOf(await rig.aSession({ state: 'TERMINATED' }))).toMatchObject({ kind: 'gone' });
  });

  it('while its target is away', async () => {
    const sessionId = await aSessionWithService(rig);
    rig.target.backend.faults.unavailable = true;
    expect(await refusalOf(sessionId)).toMatchObject({ kind: 'unavailable' });
  });

  it('while it is being opened, because its session ends', async () => {
    const sessionId = await aSessionWithService(rig);
    rig.target.backend.faults.hang = true;
    let isRefused = false;
    const refusal = refusalOf(sessionId).finally(() => {
      isRefused = true;
    });
    await eventually(async () => {
      await rig.announceEnd(sessionId);
      expect(isRefused).toBe(true);
    });
    expect(await refusal).toMatchObject({ kind: 'conflict', publicMessage: 'the session is ending' });
  });

  it('to one reader too many, until one has left', async () => {
    const sessionId = await aSessionWithService(rig);
    const opened: LogClient[] = [];
    for (let count = 0; count < serviceLogLimits.readersPerSession; count += 1) {
      opened.push(await LogClient.open(rig, sessionId));
    }
    expect(await refusalOf(sessionId)).toMatchObject({ kind: 'exhausted' });
    await opened.pop()?.close();
    opened.push(await eventually(() => LogClient.open(rig, sessionId)));
    await Promise.all(opened.map((client) => client.close()));
    await nothingIsRead();
  });
});
