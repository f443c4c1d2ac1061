import { newExecutionId } from '@nalabo/kernel';
import { LiveFeed } from '@nalabo/messaging';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { GatewayRig } from '../../gateway-rig.cases.js';
import { heldMemory } from '../../held-memory.cases.js';
import { platform } from '../../platform.cases.js';
import { EventReader, outputOf, type ReadEvent } from './event-reader.cases.js';
import { delivered, FramedCommands } from './framed-commands.cases.js';

let rig: GatewayRig;
let commands: FramedCommands;

beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());

const frame = 'x'.repeat(32 * 1024);
const megabyte = 2 ** 20;

/** A command that writes, and readers that have taken nothing of it yet. */
async function aCommandWith(readers: number) {
  commands = new FramedCommands(rig.services.get(LiveFeed, { strict: false }));
  Object.assign(platform, { run: commands.run, join: commands.join, look: commands.look });
  const { key, path } = await rig.aSession();
  const id = newExecutionId();
  commands.begin(id);
  commands.page = 8;
  const streamPath = `${path}/executions/${id}/stream`;
  const join = (base = rig.gateway.url, headers: Record<string, string> = {}) =>
    EventReader.open({ url: base + streamPath, key, headers });
  const opened = await Promise.all(Array.from({ length: readers }, () => join()));
  onTestFinished(() => opened.forEach((reader) => reader.leave()));
  const rejoin = (after: number) => join(rig.gateway.url, { 'last-event-id': String(after) });
  return { id, opened, join, rejoin };
}

async function write(id: string, frames: number): Promise<void> {
  for (let index = 0; index < frames; index += 1) {
    commands.write(id, `${index} ${frame}`);
    if (index % 8 === 7) await delivered(rig);
  }
}

/** What a client had that came back each time it was told that it lagged. */
async function readAll(first: ReadEvent[], rejoin: (after: number) => Promise<EventReader>): Promise<ReadEvent[]> {
  const seen = [...first];
  while (seen.at(-1)?.event !== 'finished') {
    const lagged = seen.pop();
    expect(lagged?.event).toBe('lagged');
    expect(lagged?.data['after']).toBe(seen.at(-1)?.id);
    const reader = (await rejoin(Number(lagged?.data['after']))).flow();
    seen.push(...(await reader.ended()));
  }
  return seen;
}

it('a client that reads a byte now and then is told that it lags, and gets every byte once', async () => {
  const { id, opened, rejoin } = await aCommandWith(1);
  const [slow] = opened as [EventReader];
  const stop = slow.trickle(100);
  onTestFinished(stop);
  await write(id, 400);
  commands.finish(id);
  stop();
  const events = await readAll(await slow.flow().ended(), rejoin);
  expect(events.map((event) => event.id)).toEqual(Array.from({ length: 402 }, (_, index) => index));
  expect(outputOf(events, 'stdout').length).toBe(
    Array.from({ length: 400 }, (_, index) => `${index} ${frame}`).join('').length,
  );
});

it(
  'a hundred clients that read nothing are told that they lag and take no more memory',
  { timeout: 180_000 },
  async () => {
    const readers = 100;
    const { id, opened } = await aCommandWith(readers);
    const settled = heldMemory();
    // How much of it the kernel takes is each machine's own, so a client may be before its limit of 1 MiB or behind it.
    await write(id, 180);
    await eventually(() => expect(heldMemory() - settled).toBeLessThan(2 * readers * megabyte), { intervalMs: 500 });
    const before = heldMemory();
    await write(id, 80);
    commands.finish(id);
    await eventually(() => expect(heldMemory() - before).toBeLessThan(30 * megabyte), { intervalMs: 500 });
    const ends = await Promise.all(opened.map((reader) => reader.last()));
    expect(new Set(ends.map((event) => event?.event))).toEqual(new Set(['lagged']));
  },
);

it('a gateway that stops ends its streams and does not wait for a client that reads nothing', async () => {
  const replica = await rig.startReplica();
  const { id, join, rejoin } = await aCommandWith(0);
  const [reader, stalled] = [(await join(replica.url)).flow(), await join(replica.url)];
  onTestFinished(() => stalled.leave());
  for (let index = 0; index < 200; index += 1) {
    commands.write(id, frame);
    if (index % 8 === 7) await delivered({ services: rig.services, gateway: replica });
  }
  const started = performance.now();
  await replica.stop();
  expect(performance.now() - started).toBeLessThan(5_000);
  const seen = await reader.ended();
  commands.finish(id);
  const rest = await (await rejoin(Number(seen.at(-1)?.id))).flow().ended();
  expect([...seen, ...rest].map((event) => event.id)).toEqual(Array.from({ length: 202 }, (_, index) => index));
});
