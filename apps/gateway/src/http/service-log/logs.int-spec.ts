import { serviceLogLimits } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { eventually } from '@nalabo/testing';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { GatewayRig } from '../../gateway-rig.cases.js';
import { platform } from '../../platform.cases.js';
import { EventReader } from '../execution-stream/event-reader.cases.js';
import { logs, refusal, startLogExecutor, type TestLog } from './log-executor.cases.js';

let rig: GatewayRig;
let executor: INestApplication;
beforeAll(async () => {
  rig = await GatewayRig.start();
  executor = await startLogExecutor(rig.serviceNatsUrl);
});
afterAll(async () => {
  await executor.close();
  await rig.stop();
});
beforeEach(() => {
  logs.clear();
  platform.asked.length = 0;
});

/** A client that reads a log, and the log. */
async function aReader(query = 'service=web&follow=true', base = rig.gateway.url) {
  const { key, path, session } = await rig.aSession();
  const reader = await EventReader.open({ url: `${base}${path}/logs?${query}`, key });
  onTestFinished(() => reader.leave());
  const log = [...logs.values()].find(({ order }) => order.sessionId === session.id) as TestLog;
  return { reader, log, session };
}

/** Whether the answer came to its proper end. */
const isWhole = ({ response }: EventReader): boolean => response.complete;
const closed = ({ response }: EventReader): Promise<void> => eventually(() => expect(response.closed).toBe(true));

describe('the log of a service', () => {
  it('is the text of its last lines', async () => {
    const { reader, log, session } = await aReader('service=web');
    expect(log.order).toMatchObject({ sessionId: session.id, service: 'web', tail: 100, follow: false });
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'transfer-encoding': 'chunked',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    log.write('one\ntwo\n');
    log.end('complete');
    await reader.flow().ended();
    expect([reader.raw, isWhole(reader)]).toEqual(['one\ntwo\n', true]);
  });

  it('that is followed comes line by line, from headers on, until its session ends', async () => {
    const { reader, log } = await aReader('service=web&follow=true&tail=5');
    expect(log.order).toMatchObject({ tail: 5, follow: true });
    reader.flow();
    for (const line of ['one\n', 'two\n']) {
      log.write(line);
      await eventually(() => expect(reader.raw.endsWith(line)).toBe(true));
    }
    log.end('session_over');
    await reader.ended();
    expect([reader.raw, isWhole(reader)]).toEqual(['one\ntwo\n', true]);
  });

  it('is let go within a second when its client leaves', async () => {
    const { reader, log } = await aReader();
    log.write('one\n');
    reader.flow();
    await eventually(() => expect(reader.raw).toBe('one\n'));
    reader.leave();
    // Five times the second: this machine does other things as well.
    await eventually(() => expect(log.isClosed).toBe(true), { timeoutMs: 5_000 });
  });

  it('is sent no faster than its client takes it, and comes whole', async () => {
    const { reader, log } = await aReader();
    const text = Array.from({ length: 24_000 }, (_, line) => `${line} ${'x'.repeat(1_000)}\n`).join('');
    log.write(text);
    // What the client does not take is held in sockets and here, and most of it waits at its source.
    await eventually(() => expect(log.signsOfLife).toBeGreaterThan(0));
    expect(log.sent).toBeLessThan(text.length / 2);
    reader.flow();
    await eventually(() => expect(reader.raw.length).toBe(text.length), { timeoutMs: 40_000 });
    expect(reader.raw).toBe(text);
    expect(log.mostUntaken).toBeLessThanOrEqual(serviceLogLimits.untakenBytes + 32 * 1024);
  });

  it('gives signs of life while nothing is written', { timeout: 15_000 }, async () => {
    const { log } = await aReader();
    await eventually(() => expect(log.signsOfLife).toBe(1), { timeoutMs: 8_000, intervalMs: 200 });
    expect(log.isClosed).toBe(false);
  });

  it.each([
    ['a piece is lost on the way', (log: TestLog) => log.lose(1)],
    ['its executor stops', (log: TestLog) => log.end('shutdown')],
    ['its engine goes away', (log: TestLog) => log.end('lost')],
  ])('is broken off when %s', async (_, strike) => {
    const { reader, log } = await aReader();
    reader.flow();
    log.write('one\n');
    await eventually(() => expect(reader.raw).toBe('one\n'));
    strike(log);
    log.write('two\n');
    await closed(reader);
    expect([reader.raw, isWhole(reader)]).toEqual(['one\n', false]);
    await eventually(() => expect(log.isClosed).toBe(true));
  });

  it('is broken off when the gateway stops, and does not hold that up', async () => {
    const replica = await rig.startReplica();
    const [{ reader, log }, stalled] = [await aReader(undefined, replica.url), await aReader(undefined, replica.url)];
    reader.flow();
    stalled.log.write('x'.repeat(8 * 2 ** 20));
    log.write('one\n');
    await eventually(() => expect(reader.raw).toBe('one\n'));
    const started = performance.now();
    await replica.stop();
    expect(performance.now() - started).toBeLessThan(5_000);
    await closed(reader);
    expect(isWhole(reader)).toBe(false);
  });
});

describe('the log of a service is refused', () => {
  async function refused(query: string, key?: string) {
    const own = await rig.aSession();
    const response = await rig.ask(`${own.path}/logs?${query}`, { key: key ?? own.key });
    const problem = (await response.json()) as { kind: string; violations?: { field: string }[]; detail: string };
    return { response, problem };
  }

  it.each([
    ['', 'service'],
    ['service=', 'service'],
    [`service=${'x'.repeat(64)}`, 'service'],
    ['service=web&tail=0', 'tail'],
    ['service=web&tail=5001', 'tail'],
    ['service=web&tail=1.5', 'tail'],
    ['service=web&tail=all', 'tail'],
    ['service=web&tail=1&tail=2', 'tail'],
    ['service=web&follow=yes', 'follow'],
    ['service=web&since=1', 'since'],
  ])('for the query %j, naming %s', async (query, field) => {
    const { response, problem } = await refused(query);
    expect(response.status).toBe(400);
    expect(problem.violations?.map((violation) => violation.field)).toEqual([field]);
    expect(logs.size).toBe(0);
  });

  it('for a foreign session as for a missing one', async () => {
    const stranger = await rig.aKey();
    const { response, problem } = await refused('service=web', stranger.key);
    const missing = await rig.ask(`/api/workshops/sessions/${'a'.repeat(26)}/logs?service=web`, { key: stranger.key });
    expect([response.status, missing.status]).toEqual([404, 404]);
    expect(problem.detail).toBe(((await missing.json()) as { detail: string }).detail);
  });

  it.each([
    ['not_found', 404],
    ['unprocessable', 422],
    ['exhausted', 429],
    ['unavailable', 503],
  ] as const)('as the executor does: %s', async (kind, status) => {
    refusal.next = new AppError(kind, 'internal words', { publicMessage: 'It is so.' });
    const { response, problem } = await refused('service=web');
    expect([response.status, problem.kind, problem.detail]).toEqual([status, kind, 'It is so.']);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    if (status === 429 || status === 503) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('while the message bus is away', async () => {
    rig.natsWire.cut();
    try {
      const { response } = await refused('service=web');
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    } finally {
      rig.natsWire.mend();
    }
  });
});
