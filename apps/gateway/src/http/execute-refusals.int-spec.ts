import { AppError, type ErrorKind } from '@nalabo/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayRig } from '../gateway-rig.cases.js';
import { platform } from '../platform.cases.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.stop());
beforeEach(() => {
  platform.asked.length = 0;
});

async function execute(json: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const { key, path } = await rig.aSession();
  return rig.ask(`${path}/execute`, { method: 'POST', key, json, headers });
}

const command = 'id';
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Each with the number of the threat it answers, and the field that is named as at fault. */
const malformed: [threat: string, field: string, body: unknown][] = [
  ['B16', 'command', {}],
  ['B16', 'command', { command: [] }],
  ['B16', 'command', { command: [''] }],
  ['B16', 'command', { command: '' }],
  ['B16', 'command', { command: null }],
  ['B16', 'command', { command: [['ls']] }],
  ['B16', 'command', { command: many(257).map(() => 'a') }],
  ['B17', 'command.1', { command: ['echo', 'a\0b'] }],
  ['B17', 'command', { command: 'a\0b' }],
  ['B17', 'command.1', { command: ['echo', '\uD800'] }],
  ['B18', 'command', { command: ['echo', 'x'.repeat(97 * 1024)] }],
  ['B18', 'stdin', { command, stdin: 'x'.repeat(257 * 1024) }],
  ['B19', 'cwd', { command, cwd: '/a\0b' }],
  ['B19', 'cwd', { command, cwd: `/${'a'.repeat(4096)}` }],
  ['B21', 'user', { command, user: 'root' }],
  ['B21', 'privileged', { command, privileged: true }],
  ['B21', 'tty', { command, tty: true }],
  ['B21', 'detachKeys', { command, detachKeys: 'ctrl-c' }],
  ['B22', 'env.A=B', { command, env: { 'A=B': '1' } }],
  ['B22', 'env.', { command, env: { '': '1' } }],
  ['B22', `env.${'A'.repeat(65)}`, { command, env: { ['A'.repeat(65)]: '1' } }],
  ['B22', 'env.A', { command, env: { A: 'a\0b' } }],
  ['B22', 'env.A', { command, env: { A: 'a'.repeat(4097) } }],
  ['B22', 'env', { command, env: Object.fromEntries(many(65).map((index) => [`A${index}`, ''])) }],
  ['B23', 'timeout', { command, timeout: 0 }],
  ['B23', 'timeout', { command, timeout: -1 }],
  ['B23', 'timeout', { command, timeout: 1e9 }],
  ['B23', 'timeout', { command, timeout: '5s' }],
  ['B25', 'encoding', { command, encoding: 'latin1' }],
];

describe('a command that is refused', () => {
  it.each(malformed)('is malformed by %s in the field %s, and nothing is sent', async (_threat, field, body) => {
    const response = await execute(body);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as { violations: { field: string }[] };
    expect(problem).toMatchObject({ status: 400, kind: 'invalid_input' });
    expect(problem.violations.map((violation) => violation.field)).toContain(field);
    expect(platform.asked).toEqual([]);
  });

  it('is a field that no object has by B21, before it is read as one', async () => {
    const { key, path } = await rig.aSession();
    const body = '{"command":"id","__proto__":{"user":"root"}}';
    const headers = { 'content-type': 'application/json' };
    const response = await rig.ask(`${path}/execute`, { method: 'POST', key, body, headers });
    expect(await response.json()).toMatchObject({ status: 400, kind: 'invalid_input' });
    expect(platform.asked).toEqual([]);
  });

  it('is too large by B18, and nothing is sent', async () => {
    const response = await execute({ command: ['echo', 'x'.repeat(3 * 2 ** 20)] });
    expect(await response.json()).toMatchObject({ status: 413, kind: 'invalid_input' });
    expect(platform.asked).toEqual([]);
  });

  it.each<[kind: ErrorKind, status: number]>([
    ['unavailable', 503],
    ['internal', 500],
  ])('that may have come after the start (%s) names where the command would be found', async (kind, status) => {
    const publicMessage = 'The workbench of the session is not running.';
    platform.run = () => Promise.reject(new AppError(kind, 'internals', { publicMessage }));
    const problem = (await (await execute({ command })).json()) as { status: number; detail: string };
    expect(problem.status).toBe(status);
    expect(problem.detail).toMatch(publicMessage);
    expect(problem.detail).toContain(String((platform.asked[0]?.payload as { executionId: string }).executionId));
  });

  it.each<[threat: string, kind: ErrorKind, status: number]>([
    ['B19: a working directory that is not allowed', 'unprocessable', 422],
    ['B28: a session that is not ready or is ending', 'conflict', 409],
    ['B28: a session that has ended', 'gone', 410],
    ['a session that runs too much', 'exhausted', 429],
  ])('by the executor (%s) is a problem in every way of asking', async (_threat, kind, status) => {
    platform.run = () => Promise.reject(new AppError(kind, 'internals', { publicMessage: 'No.' }));
    for (const headers of [{}, { accept: 'text/event-stream' }, { prefer: 'respond-async' }] as Record<
      string,
      string
    >[]) {
      const response = await execute({ command }, headers);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.json()).toMatchObject({ status, kind, detail: 'No.' });
    }
  });
});
