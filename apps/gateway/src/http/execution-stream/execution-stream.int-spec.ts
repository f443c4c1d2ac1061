import { newExecutionId } from '@nalabo/kernel';
import { LiveFeed } from '@nalabo/messaging';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { GatewayRig } from '../../gateway-rig.cases.js';
import { platform } from '../../platform.cases.js';
import { EventReader, type EventRequest, outputOf } from './event-reader.cases.js';
import { FramedCommands } from './framed-commands.cases.js';

let rig: GatewayRig;
let commands: FramedCommands;

beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());
beforeEach(() => {
  commands = new FramedCommands(rig.services.get(LiveFeed, { strict: false }));
  const { run, join, look } = commands;
  Object.assign(platform, { run, join, look });
  platform.asked.length = 0;
});

/** The execution that was started last. */
function startedId(): string {
  const asked = platform.asked.findLast(({ type }) => type === 'executor.command.run');
  return (asked?.payload as { executionId: string }).executionId;
}

/** A client that may be cut and left behind: the test ends it. */
async function open(request: Omit<EventRequest, 'url'> & { readonly path: string }): Promise<EventReader> {
  const reader = await EventReader.open({ ...request, url: rig.gateway.url + request.path });
  onTestFinished(() => reader.leave());
  return reader;
}

async function execute(json: object = {}, headers: Record<string, string> = {}) {
  const { key, path } = await rig.aSession();
  const request = { path: `${path}/execute`, key, method: 'POST', json: { command: 'x', ...json }, headers } as const;
  const reader = await open(request);
  const id = startedId();
  return { reader, id, key, path, streamPath: `${path}/executions/${id}/stream` };
}

/** A command that runs, of a session of its own. */
async function aCommand() {
  const { key, path } = await rig.aSession();
  const id = newExecutionId();
  commands.begin(id);
  return { id, key, streamPath: `${path}/executions/${id}/stream` };
}

describe('a command that is streamed', () => {
  it('tells what happens while it runs, each event with its number', async () => {
    const { reader, id } = await execute();
    expect(reader.status).toBe(200);
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    reader.flow();
    await eventually(() => expect(reader.events).toHaveLength(1));
    commands.write(id, 'one\n');
    await eventually(() => expect(reader.events).toHaveLength(2));
    commands.write(id, 'two\n', 'stderr');
    commands.truncate(id, 'stderr');
    commands.finish(id);
    expect(await reader.ended()).toEqual([
      { id: 0, event: 'started', data: { executionId: id, startedAt: '2026-01-01T12:00:00.000Z' } },
      { id: 1, event: 'stdout', data: { text: 'one\n' } },
      { id: 2, event: 'stderr', data: { text: 'two\n' } },
      { id: 3, event: 'truncated', data: { stream: 'stderr' } },
      {
        id: 4,
        event: 'finished',
        data: expect.objectContaining({ executionId: id, outcome: 'succeeded', exitCode: 0 }),
      },
    ]);
    expect(platform.asked.at(-1)?.payload).toMatchObject({ wait: false, live: true });
    expect(commands.joined).toEqual([]);
  });

  it('has its text in UTF-8, escaped so that nothing in it can leave its line', async () => {
    const { reader, id } = await execute();
    reader.flow();
    const text = 'é€😀\u2028\u2029\r\n\n\u001b]0;x\u0007<script>event: finished\ndata: {}\n\n\0';
    commands.write(id, text);
    commands.write(id, Buffer.from([0x61, 0xff, 0x62]));
    commands.finish(id);
    const events = await reader.ended();
    expect(events.map(({ event }) => event)).toEqual(['started', 'stdout', 'stdout', 'finished']);
    expect(outputOf(events, 'stdout')).toBe(`${text}a\uFFFDb`);
    expect(reader.raw).not.toContain('\u001b');
  });

  it('gives every byte when base64 is asked', async () => {
    const { reader, id } = await execute({ encoding: 'base64' });
    reader.flow();
    commands.write(id, Buffer.from([0, 0xff, 0xfe]));
    commands.finish(id);
    expect((await reader.ended())[1]?.data).toEqual({ base64: 'AP/+' });
  });

  it('is answered with a problem when it is refused', async () => {
    const { key } = await rig.aSession();
    const other = await rig.aSession();
    const json = { command: 'x' };
    for (const [request, status] of [
      [{ path: `${other.path}/execute`, key, method: 'POST', json }, 404],
      [{ path: `${other.path}/execute`, key, method: 'POST', json: { command: [] } }, 400],
      [{ path: `${other.path}/executions/${newExecutionId()}/stream`, key: other.key }, 404],
      [{ path: `${other.path}/executions/${newExecutionId()}/stream?after=-2`, key: other.key }, 400],
      [{ path: `${other.path}/executions/${newExecutionId()}/stream?after=9007199254740991`, key: other.key }, 400],
    ] as const) {
      const reader = await open(request);
      expect(reader.status).toBe(status);
      expect(reader.response.headers['content-type']).toMatch(/^application\/problem\+json/);
    }
  });

  it('goes on when the client leaves, and the request is remembered', async () => {
    const { reader, id, key, streamPath } = await execute({}, { 'x-correlation-id': 'left-early' });
    reader.leave();
    commands.write(id, 'still here');
    commands.finish(id);
    const again = (await open({ path: streamPath, key })).flow();
    expect(outputOf(await again.ended(), 'stdout')).toBe('still here');
    await eventually(async () => {
      const audit = await rig.database.query("SELECT status FROM request_audit WHERE correlation_id = 'left-early'");
      expect(audit.rows).toEqual([{ status: 200 }]);
    });
  });
});

describe('a stream that is joined', () => {
  it('is whole when it is late, and goes on live', async () => {
    const { id, key, streamPath } = await aCommand();
    commands.page = 2;
    for (const text of ['a', 'b', 'c', 'd']) commands.write(id, text);
    const reader = (await open({ path: streamPath, key })).flow();
    await eventually(() => expect(outputOf(reader.events, 'stdout')).toBe('abcd'));
    expect(commands.joined).toEqual([-1, 1, 3]);
    commands.write(id, 'e');
    commands.finish(id);
    const events = await reader.ended();
    expect(outputOf(events, 'stdout')).toBe('abcde');
    expect(events.map((event) => event.id)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('goes on behind what the client has, by its header before its query', async () => {
    const { id, key, streamPath } = await aCommand();
    for (const text of ['a', 'b', 'c']) commands.write(id, text);
    commands.finish(id);
    const idsOf = async (path: string, headers: Record<string, string> = {}) =>
      (await (await open({ path, key, headers })).flow().ended()).map((event) => event.id);
    expect(await idsOf(`${streamPath}?after=1`)).toEqual([2, 3, 4]);
    expect(await idsOf(`${streamPath}?after=1`, { 'last-event-id': '3' })).toEqual([4]);
  });

  it('has nothing more to say to a client that has the end, which need not come back', async () => {
    const { id, key, streamPath } = await aCommand();
    commands.finish(id);
    expect((await open({ path: streamPath, key, headers: { 'last-event-id': '1' } })).status).toBe(204);
    expect((await open({ path: streamPath, key, headers: { 'last-event-id': 'x' } })).status).toBe(400);
  });

  it('gives the end to a client that comes back in the moment of it', async () => {
    const { id, key, streamPath } = await aCommand();
    commands.lost = new Set([1, 2]);
    platform.look = (question) => {
      commands.write(id, 'the rest');
      commands.finish(id);
      return commands.look(question as { executionId: string });
    };
    const reader = (await open({ path: streamPath, key, headers: { 'last-event-id': '0' } })).flow();
    expect(reader.status).toBe(200);
    expect((await reader.ended()).map((event) => [event.id, event.event])).toEqual([
      [1, 'stdout'],
      [2, 'finished'],
    ]);
  });

  it('asks for frames that were lost on the way', async () => {
    commands.lost = new Set([2, 3]);
    const { reader, id } = await execute();
    reader.flow();
    for (const text of ['a', 'b', 'c', 'd']) commands.write(id, text);
    await eventually(() => expect(outputOf(reader.events, 'stdout')).toBe('abcd'));
    commands.finish(id);
    expect((await reader.ended()).map((event) => event.id)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('notices a lost end', async () => {
    commands.lost = new Set([1]);
    const { reader, id } = await execute();
    reader.flow();
    commands.finish(id);
    expect((await reader.ended()).map(({ event }) => event)).toEqual(['started', 'finished']);
  });

  it('ends with what is known when the executor died with its numbers', async () => {
    const { reader, id } = await execute();
    reader.flow();
    commands.write(id, 'half');
    await eventually(() => expect(reader.events).toHaveLength(2));
    platform.look = () => Promise.resolve({ state: 'finished', outcome: 'unknown', exitCode: null });
    const events = await reader.ended();
    expect(events.at(-1)).toMatchObject({ id: 2, event: 'finished', data: { outcome: 'unknown', exitCode: null } });
  });

  it('gives every byte once to a client that is cut off again and again', async () => {
    const { id, key, streamPath } = await aCommand();
    const sent = Array.from({ length: 400 }, (_, index) => `${index} é€😀\n`);
    const writing = (async () => {
      for (const text of sent) {
        commands.write(id, text);
        if (Math.random() < 0.2) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      commands.finish(id);
    })();
    const seen = [];
    while (seen.at(-1)?.event !== 'finished') {
      const last = seen.at(-1)?.id;
      const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': String(last) };
      const reader = (await open({ path: streamPath, key, headers })).flow();
      const enough = 20 + Math.random() * 40;
      await eventually(() => expect(reader.response.closed || reader.events.length >= enough).toBe(true));
      reader.leave();
      seen.push(...reader.events);
    }
    await writing;
    expect(seen.map((event) => event.id)).toEqual(Array.from({ length: 402 }, (_, index) => index));
    expect(outputOf(seen, 'stdout')).toBe(sent.join(''));
  });

  it('is unavailable at once while NATS is away', async () => {
    const { key, streamPath } = await aCommand();
    const path = streamPath.replace(/executions.*/, 'execute');
    rig.natsWire.cut();
    onTestFinished(async () => {
      rig.natsWire.mend();
      await eventually(async () => expect((await rig.ask('/health/ready')).status).toBe(200));
    });
    await eventually(async () => expect((await rig.ask('/health/ready')).status).toBe(503));
    const headers = { accept: 'application/json', prefer: 'respond-async, wait=1' };
    const command = { path, key, method: 'POST', json: { command: 'x' } } as const;
    for (const request of [{ path: streamPath, key }, command, { ...command, headers }]) {
      expect((await open(request)).status).toBe(503);
    }
  });

  it('lives through a loss of NATS and has everything afterwards', async () => {
    const { reader, id } = await execute();
    reader.flow();
    commands.write(id, 'before ');
    await eventually(() => expect(outputOf(reader.events, 'stdout')).toBe('before '));
    rig.natsWire.cut();
    await eventually(async () => expect((await rig.ask('/health/ready')).status).toBe(503));
    commands.write(id, 'meanwhile ');
    rig.natsWire.mend();
    await eventually(() => expect(outputOf(reader.events, 'stdout')).toBe('before meanwhile '));
    commands.write(id, 'after');
    commands.finish(id);
    const events = await reader.ended();
    expect(outputOf(events, 'stdout')).toBe('before meanwhile after');
    expect(events.map((event) => event.id)).toEqual([0, 1, 2, 3, 4]);
  });
});
