import { rpcs } from '@nalabo/contracts';
import { newExecutionId } from '@nalabo/kernel';
import { LiveFeed } from '@nalabo/messaging';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { platform } from '../platform.cases.js';
import { FramedCommands } from './execution-stream/framed-commands.cases.js';

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

async function execute(json: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const { key, path } = await rig.aSession();
  return rig.ask(`${path}/execute`, { method: 'POST', key, json, headers });
}

const asked = () => platform.asked.at(-1)?.payload as Record<string, unknown>;
const text = (value: string) => Buffer.from(value).toString('base64');

describe('a command that is not waited for', () => {
  it('is answered when it is accepted, with the place to look', async () => {
    const response = await execute({ command: 'x' }, { prefer: 'respond-async' });
    const { executionId, sessionId } = asked();
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(
      `/api/workshops/sessions/${String(sessionId)}/executions/${String(executionId)}`,
    );
    expect(response.headers.get('preference-applied')).toBe('respond-async');
    expect(await response.json()).toMatchObject({ executionId, state: 'running', outcome: null, exitCode: null });
    expect(asked()).toMatchObject({ wait: false, live: false });
  });

  it('is answered with its end when that comes in time', async () => {
    platform.look = () => Promise.resolve({ stdout: text('done\n') });
    const answer = execute({ command: 'x' }, { prefer: 'respond-async, wait=20' });
    await eventually(() => expect(platform.asked).toHaveLength(1));
    const executionId = String(asked()['executionId']);
    commands.write(executionId, 'done\n');
    commands.finish(executionId);
    const response = await answer;
    expect(response.status).toBe(200);
    expect(response.headers.get('preference-applied')).toBe('respond-async, wait=20');
    expect(response.headers.get('location')).toBeNull();
    expect(await response.json()).toMatchObject({ outcome: 'succeeded', stdout: 'done\n' });
  });

  it('is answered as accepted when the wait is over first', async () => {
    const response = await execute({ command: 'x' }, { prefer: 'wait=1, respond-async' });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ state: 'running' });
  });

  it('is waited for when only wait is asked', async () => {
    expect((await execute({ command: 'x' }, { prefer: 'wait=1' })).status).toBe(200);
    expect(asked()).toMatchObject({ wait: true, live: false });
  });
});

describe('a command with an idempotency key', () => {
  const headers = { 'idempotency-key': 'step-7' };

  it('carries the key and the digest of what is asked of which session', async () => {
    await execute({ command: 'x' }, headers);
    const first = asked()['idempotency'];
    expect(first).toEqual({ key: 'step-7', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    await execute({ command: 'x' }, headers);
    expect(asked()['idempotency']).not.toEqual(first);
    await execute({ command: 'x' });
    expect(asked()['idempotency']).toBeNull();
    expect((await execute({ command: 'x' }, { 'idempotency-key': 'a b' })).status).toBe(400);
  });

  it('names the execution that the key started first, also as a stream', async () => {
    const executionId = newExecutionId();
    commands.begin(executionId);
    commands.write(executionId, 'from before');
    commands.finish(executionId);
    platform.run = () => Promise.resolve({ executionId, stdout: text('from before') });
    expect(await (await execute({ command: 'x' }, headers)).json()).toMatchObject({
      executionId,
      stdout: 'from before',
    });
    const response = await execute({ command: 'x' }, { ...headers, accept: 'text/event-stream' });
    const stream = await response.text();
    expect(stream).toContain(`"executionId":"${executionId}"`);
    expect(stream).toContain('event: stdout\ndata: {"text":"from before"}\n\n');
    expect(stream).toContain('event: finished');
  });
});

describe('executions', () => {
  it('are listed by state and outcome', async () => {
    const { key, path } = await rig.aSession();
    const list = (query: string) => rig.ask(`${path}/executions?${query}`, { key });
    expect((await list('state=running')).status).toBe(200);
    expect(asked()).toMatchObject({ state: 'running', outcome: null });
    expect((await list('outcome=timed_out&limit=3')).status).toBe(200);
    expect(asked()).toMatchObject({ state: null, outcome: 'timed_out', limit: 3 });
    expect((await list('state=done')).status).toBe(400);
    expect((await list('outcome=ok')).status).toBe(400);
  });

  it('are cancelled, and the answer is what became of them', async () => {
    const { key, path } = await rig.aSession();
    const executionId = newExecutionId();
    const response = await rig.ask(`${path}/executions/${executionId}`, { method: 'DELETE', key });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ executionId, outcome: 'cancelled', stdout: 'hello\n' });
    expect(platform.asked.at(-1)?.type).toBe(rpcs.executor.cancelExecution.type);
    expect((await rig.ask(`${path}/executions/x`, { method: 'DELETE', key })).status).toBe(400);
  });
});

describe('what only looks dangerous', () => {
  it('is legal by B14 as a string, and handed on literally by B15 as an array', async () => {
    expect((await execute({ command: 'ls; rm -rf /' })).status).toBe(200);
    expect(asked()).toMatchObject({ command: 'ls; rm -rf /' });
    const items = ['echo', '$(id)', '; reboot', '`id`', '&&', '\n'];
    expect((await execute({ command: items })).status).toBe(200);
    expect(asked()).toMatchObject({ command: items });
  });

  it.each([
    ['B25', '\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u001b]8;;http://x\u0007\u202e\r\nlevel=info forged'],
    ['B26', '<script>alert(1)</script>{"kind":"internal"}'],
  ])('in output by %s stays inside JSON that no browser takes for something else', async (_threat, output) => {
    const logged = rig.logged.length;
    platform.run = () => Promise.resolve({ stdout: text(output) });
    const response = await execute({ command: 'id' });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const body = await response.text();
    expect(body).not.toMatch(/[\u0000-\u001f]/);
    expect(JSON.parse(body)).toMatchObject({ stdout: output });
    expect(rig.logged.slice(logged).join('')).not.toMatch(/\u001b|forged/);
  });
});

describe('a command without an answer', () => {
  it('is named, however it was asked', async () => {
    const late = Promise.withResolvers<object>();
    platform.run = () => late.promise;
    const response = await execute({ command: 'sleep 60', timeout: 100 });
    late.resolve({});
    const problem = (await response.json()) as { detail: string };
    expect(problem).toMatchObject({ status: 504, kind: 'timeout' });
    expect(problem.detail).toContain(String(asked()['executionId']));
  });

  it('is named when NATS goes away while it runs', async () => {
    platform.run = () => new Promise(() => undefined);
    const answer = execute({ command: 'sleep 60' });
    await eventually(() => expect(platform.asked).toHaveLength(1));
    rig.natsWire.cut();
    const response = await answer;
    rig.natsWire.mend();
    const problem = (await response.json()) as { detail: string };
    expect(problem).toMatchObject({ status: 503, kind: 'unavailable' });
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(problem.detail).toContain(String(asked()['executionId']));
    await eventually(async () => expect((await rig.ask('/health/ready')).status).toBe(200));
  });
});
