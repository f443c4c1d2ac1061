import type { Problem } from '@nalabo/contracts';
import { ApiClient, type CommandRequest } from '@nalabo/start';
import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';

const sessions = '/api/workshops/sessions';
const nobody = 'a'.repeat(26);
const tooMany = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`V${index}`, 'x']));

await describeJourney('bad input', (current) => {
  /** One session for all that is refused: every refusal leaves it as it is. */
  const withSession = async (use: (id: string) => Promise<void>): Promise<void> => {
    const { id } = await current().api.createSession({ workshopId: 'linux-basics' }, 60);
    await use(id);
    expect(await current().api.session(id)).toMatchObject({ state: 'READY' });
  };
  const post = async (path: string, body: unknown) => current().api.send({ method: 'POST', path, body });
  const statusOf = async (path: string, body: unknown): Promise<number> => (await post(path, body)).status;

  it('without a valid credential is refused on every route', async () => {
    const stranger = new ApiClient({ url: current().url, apiKey: `nlb_${'0'.repeat(16)}_${'x'.repeat(43)}` });
    for (const path of [sessions, `${sessions}/${nobody}`, '/api/workshops', '/api/targets', '/api/keys']) {
      expect((await stranger.send({ method: 'GET', path })).status, path).toBe(401);
      expect((await fetch(current().url + path)).status, path).toBe(401);
    }
    for (const verb of ['execute', 'extend']) {
      const request = { method: 'POST' as const, path: `${sessions}/${nobody}/${verb}`, body: {} };
      expect((await stranger.send(request)).status, verb).toBe(401);
    }
  });

  it('about a foreign session is answered as if there were none', async () => {
    const [alice, bob] = [await current().clientOf('alice'), await current().clientOf('bob')];
    const { id } = await alice.createSession({ workshopId: 'linux-basics' }, 60);
    const asked = async (sessionId: string) => {
      const reads = ['', '/executions', '/metrics', '/health', '/receipt'].map((part) =>
        bob.send({ method: 'GET', path: `${sessions}/${sessionId}${part}` }),
      );
      const writes = [
        bob.send({ method: 'POST', path: `${sessions}/${sessionId}/execute`, body: { command: 'true' } }),
        bob.send({ method: 'POST', path: `${sessions}/${sessionId}/extend`, body: { duration: 300 } }),
        bob.send({ method: 'DELETE', path: `${sessions}/${sessionId}` }),
      ];
      const answers = await Promise.all([...reads, ...writes]);
      return answers.map(({ status, body }) => {
        const { kind, title, detail } = body as Problem;
        return { status, kind, title, detail: detail.replaceAll(sessionId, '…') };
      });
    };
    const foreign = await asked(id);
    expect(foreign.map(({ status }) => status)).toEqual(foreign.map(() => 404));
    expect(foreign).toEqual(await asked(nobody));
    expect(await alice.session(id)).toMatchObject({ state: 'READY' });
  });

  it.each(['..%2Fadmin', '%00', 'A'.repeat(26), "'%20or%20''='", 'x'.repeat(5000)])(
    'in the place of a session id (%.20s) finds nothing',
    async (id) => {
      const { status } = await current().api.send({ method: 'GET', path: `${sessions}/${id}` });
      expect([400, 404, 414]).toContain(status);
    },
  );

  it.each([
    ...['ownerId', 'state', 'expiresAt', 'privileged', '__proto__'].map((field) => `{"${field}":"x"}`),
    ...['0', '-1', '1e12', '"4h"', 'null', '1.5'].map((duration) => `{"duration":${duration}}`),
    '{"resources":{"cpu":"-1"}}',
    '{"resources":{"gpu":"1"}}',
  ])('in a new session (%s) is refused, and nothing is created', async (extra) => {
    const body = `{"workshopId":"linux-basics",${extra.slice(1)}`;
    const answer = await fetch(current().url + sessions, {
      method: 'POST',
      headers: { ...current().authorization, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await current().left()).toEqual([]);
  });

  it('in a command is refused, and the session goes on', () =>
    withSession(async (id) => {
      const refused: [number, unknown][] = [
        ...[[], [''], null, [['ls']], Array.from({ length: 257 }, () => 'x')].map((command): [number, unknown] => [
          400,
          { command },
        ]),
        [400, { command: ['echo', 'a\0b'] }],
        [400, { command: ['echo', '\ud800'] }],
        [400, { command: ['echo', 'x'.repeat(97 * 1024)] }],
        [413, { command: ['echo', 'x'.repeat(3 * 2 ** 20)] }],
        ...['/proc/self/fd/7', '/proc/1/root', '/sys', '/dev/../proc', 'relative', '/workspace/../etc'].map(
          (cwd): [number, unknown] => [422, { command: 'true', cwd }],
        ),
        ...[{ user: 'root' }, { privileged: true }, { tty: true }, { detachKeys: 'a' }].map(
          (field): [number, unknown] => [400, { command: 'true', ...field }],
        ),
        ...[{ 'A=B': 'x' }, { '': 'x' }, { ['N'.repeat(65)]: 'x' }, tooMany, { A: 'a\0b' }].map(
          (env): [number, unknown] => [400, { command: 'true', env }],
        ),
        ...[0, -1, 1e9, '5s'].map((timeout): [number, unknown] => [400, { command: 'true', timeout }]),
      ];
      for (const [status, body] of refused) {
        expect(await statusOf(`${sessions}/${id}/execute`, body), JSON.stringify(body).slice(0, 100)).toBe(status);
      }
    }));

  it('that only looks dangerous is passed on literally', () =>
    withSession(async (id) => {
      for (const text of ['$(id)', '; reboot', '`id`', '&&', '\n']) {
        expect(await current().api.execute(id, { command: ['echo', text] })).toMatchObject({ stdout: `${text}\n` });
      }
    }));

  it('that names what is not there fails to start', () =>
    withSession(async (id) => {
      const failing: CommandRequest[] = [
        { command: ['no-such-program'] },
        { command: ['/etc/passwd'] },
        { command: ['true'], cwd: '/workspace/absent' },
      ];
      for (const request of failing) {
        const expected = { outcome: 'failed', startFailed: true };
        expect(await current().api.execute(id, request), JSON.stringify(request)).toMatchObject(expected);
      }
    }));

  it('that floods the output is cut off while the executor stays small', () =>
    withSession(async (id) => {
      for (const command of ['yes', 'cat /dev/urandom', 'head -c 100M /dev/zero >&2']) {
        const { truncated, stdout, stderr } = await current().api.execute(id, { command, timeout: 3000 });
        expect(truncated.stdout || truncated.stderr, command).toBe(true);
        expect(Buffer.byteLength(stdout) + Buffer.byteLength(stderr)).toBeLessThan(2 * 2 ** 20);
      }
      expect(current().memoryOf('executor')).toBeLessThan(500 * 2 ** 20);
    }));

  it('to a session that has ended takes no command and no extension', async () => {
    const { id } = await current().api.createSession({ workshopId: 'linux-basics' }, 60);
    await current().api.endSession(id);
    await current().reaching(id, 'TERMINATED');
    expect(await statusOf(`${sessions}/${id}/execute`, { command: 'true' })).toBe(410);
    expect(await statusOf(`${sessions}/${id}/extend`, { duration: 5 })).toBe(409);
  });

  it('to a session that is not ready yet is answered with conflict', async () => {
    // The services of this one take their time.
    const { id } = await current().api.createSession({ workshopId: 'compose-web' });
    expect(await statusOf(`${sessions}/${id}/execute`, { command: 'true' })).toBe(409);
  });
});
