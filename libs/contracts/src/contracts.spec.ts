import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allFacts, allRpcs, commandWaits, createSessionSchema, executeCommandSchema } from './index.js';

const names = [...allRpcs, ...allFacts].map((message) => `${message.type}.v${message.version}`);

describe('messages', () => {
  it('have unique names', () => {
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(allRpcs.map((message) => [message.type, message] as const))('%s has an example that parses', (_, message) => {
    expect(() => message.request.parse(message.example.request)).not.toThrow();
    expect(() => message.reply.parse(message.example.reply)).not.toThrow();
  });

  it.each(allFacts.map((message) => [message.type, message] as const))(
    '%s has an example that parses',
    (_, message) => {
      expect(() => message.payload.parse(message.example)).not.toThrow();
    },
  );

  it.each(allRpcs.map((message) => [message.type, message] as const))(
    '%s keeps its published shape',
    async (_, message) => {
      const shape = { request: z.toJSONSchema(message.request, { io: 'input' }), reply: z.toJSONSchema(message.reply) };
      await expect(`${JSON.stringify(shape, null, 2)}\n`).toMatchFileSnapshot(
        `snapshots/${message.type}.v${message.version}.json`,
      );
    },
  );

  it.each(allFacts.map((message) => [message.type, message] as const))(
    '%s keeps its published shape',
    async (_, message) => {
      await expect(`${JSON.stringify(z.toJSONSchema(message.payload), null, 2)}\n`).toMatchFileSnapshot(
        `snapshots/${message.type}.v${message.version}.json`,
      );
    },
  );
});

describe('create session body', () => {
  it('takes the shape that the platform documents', () => {
    const body = {
      workshopId: '123',
      infrastructureType: 'docker',
      duration: 240,
      resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
    };
    expect(createSessionSchema.parse(body)).toEqual(body);
  });

  it.each([
    [{ ownerId: 'x' }],
    [{ state: 'READY' }],
    [{ expiresAt: '2030-01-01' }],
    [{ privileged: true }],
    [JSON.parse('{"__proto__": {"x": 1}}') as object],
    [{ duration: 0 }],
    [{ duration: -1 }],
    [{ duration: 1e12 }],
    [{ duration: '4h' }],
    [{ duration: Number.NaN }],
    [{ resources: { cpu: '0' } }],
    [{ resources: { memory: '4gi' } }],
    [{ resources: { gpu: '1' } }],
    [{ env: { 'A=B': 'x' } }],
  ])('refuses %j', (fields) => {
    const body = Object.defineProperties({ workshopId: 'w' }, Object.getOwnPropertyDescriptors(fields));
    expect(createSessionSchema.safeParse(body).success).toBe(false);
  });
});

describe('execute body', () => {
  it.each([[['echo', '$(id)', '; reboot', '`id`', '&&', '\n']], ['ls; true'], [['a'.repeat(96 * 1024)]]])(
    'takes %.40j',
    (command) => {
      expect(executeCommandSchema.parse({ command })).toEqual({ command, timeout: 30_000, encoding: 'utf8' });
    },
  );

  it.each([
    [{ command: [] }],
    [{ command: [''] }],
    [{ command: '' }],
    [{ command: null }],
    [{ command: [['ls']] }],
    [{ command: Array.from({ length: 257 }, () => 'a') }],
    [{ command: ['a\0b'] }],
    [{ command: ['\ud800'] }],
    [{ command: 'a'.repeat(96 * 1024 + 1) }],
    [{ command: 'ls', user: 'root' }],
    [{ command: 'ls', privileged: true }],
    [{ command: 'ls', tty: true }],
    [{ command: 'ls', detachKeys: 'ctrl-p' }],
    [{ command: 'ls', env: { 'A=B': 'x' } }],
    [{ command: 'ls', env: { '': 'x' } }],
    [{ command: 'ls', env: { ['A'.repeat(65)]: 'x' } }],
    [{ command: 'ls', env: Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`A${index}`, 'x'])) }],
    [{ command: 'ls', env: { A: 'x\0' } }],
    [{ command: 'ls', timeout: 0 }],
    [{ command: 'ls', timeout: -1 }],
    [{ command: 'ls', timeout: 1e9 }],
    [{ command: 'ls', timeout: '5s' }],
  ])('refuses %.60j', (body) => {
    expect(executeCommandSchema.safeParse(body).success).toBe(false);
  });
});

describe('the answer to a command', () => {
  it('is waited for at least five seconds longer than a kill', () => {
    expect(commandWaits.replyMarginMs - commandWaits.killGraceMs).toBeGreaterThanOrEqual(5000);
  });
});
