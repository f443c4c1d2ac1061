import { randomBytes } from 'node:crypto';
import type { ExecutionView } from '@nalabo/contracts';
import type { CommandRequest } from '@nalabo/start';
import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import { allEvents, printed, readEvents, type StreamEvent } from './read-events.js';

/** How much longer than its limit a command may take to its end. */
const lateMilliseconds = 5_000;
const asStream = { accept: 'text/event-stream' };

await describeJourney('commands', (current) => {
  /** A session that is ready, of a learner of its own who may create one at any time, and the ways to use it. */
  const aSession = async () => {
    const api = await current().clientOf(`learner-${randomBytes(4).toString('hex')}`);
    const { id } = await api.createSession({ workshopId: 'linux-basics' }, 60);
    const path = `/api/workshops/sessions/${id}`;
    const executions = `${path}/executions`;
    const execute = (body: CommandRequest, headers: Record<string, string>) =>
      api.open({ method: 'POST', path: `${path}/execute`, body, headers });
    return {
      id,
      path,
      executions,
      execute,
      stream: (body: CommandRequest) => execute(body, asStream),
      join: (executionId: string, after = -1) =>
        api.open({ method: 'GET', path: `${executions}/${executionId}/stream?after=${after}` }),
      get: async (executionId: string) =>
        (await api.send({ method: 'GET', path: `${executions}/${executionId}` })).body as ExecutionView,
      accept: async (command: string) => {
        const answer = await execute({ command, timeout: 60_000 }, { prefer: 'respond-async' });
        expect(answer.status).toBe(202);
        return ((await answer.json()) as ExecutionView).executionId;
      },
      cancel: (executionId: string) => api.send({ method: 'DELETE', path: `${executions}/${executionId}` }),
      run: (command: string) => api.execute(id, { command }),
    };
  };

  it('are streamed as they run, and no character is cut', async () => {
    const session = await aSession();
    // Each line is waited for to be read, so that one that is held back ends the command by its limit.
    const seen = 'until [ -e seen-$i ]; do sleep 0.05; done';
    const command = `for i in 1 2 3; do echo "é€😀 $i"; echo "err $i" >&2; ${seen}; done; exit 4`;
    const answer = await session.stream({ command });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const events: StreamEvent[] = [];
    for await (const event of readEvents(answer)) {
      events.push(event);
      const line = /(\d)\n$/.exec(printed(events, 'stdout'))?.[1];
      if (event.event === 'stdout' && line !== undefined) await session.run(`touch seen-${line}`);
    }
    expect(printed(events, 'stdout')).toBe('é€😀 1\né€😀 2\né€😀 3\n');
    expect(printed(events, 'stderr')).toBe('err 1\nerr 2\nerr 3\n');
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index));
    expect(events[0]?.event).toBe('started');
    expect(events.at(-1)).toMatchObject({ event: 'finished', data: { outcome: 'failed', exitCode: 4 } });
  });

  it('go on when their client leaves, and are joined late and again with every byte once', async () => {
    const session = await aSession();
    const lines = Array.from({ length: 100 }, (_, index) => `${index + 1}\n`).join('');
    const command = 'i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo $i; sleep 0.02; done';
    const first: StreamEvent[] = [];
    for await (const event of readEvents(await session.stream({ command }))) {
      first.push(event);
      if (event.event === 'stdout') break;
    }
    const executionId = String(first[0]?.data['executionId']);
    const rest = await allEvents(await session.join(executionId, first.at(-1)?.id));
    expect(printed([...first, ...rest], 'stdout')).toBe(lines);
    const whole = await allEvents(await session.join(executionId));
    expect(whole).toEqual([...first, ...rest]);
    expect((await session.join(executionId, whole.at(-1)?.id)).status).toBe(204);
    expect(await session.get(executionId)).toMatchObject({ outcome: 'succeeded', stdout: lines });
  });

  it('are cancelled with everything they started, and tell whoever follows', async () => {
    const session = await aSession();
    const executionId = await session.accept('sleep 1234 & sleep 1234');
    const following = allEvents(await session.join(executionId));
    const running = await current().api.send({ method: 'GET', path: `${session.executions}?state=running` });
    expect(running.body).toMatchObject({ items: [{ executionId, state: 'running' }] });
    const cancelled = await session.cancel(executionId);
    expect(cancelled).toMatchObject({ status: 202, body: { outcome: 'cancelled', exitCode: null } });
    expect((await following).at(-1)).toMatchObject({ event: 'finished', data: { outcome: 'cancelled' } });
    expect((await session.cancel(executionId)).body).toMatchObject({ outcome: 'cancelled' });
    expect(await session.run('pgrep -x sleep || echo none')).toMatchObject({ stdout: 'none\n' });
    const listed = await current().api.send({ method: 'GET', path: `${session.executions}?outcome=cancelled` });
    expect(listed.body).toMatchObject({ items: [{ executionId }] });
  });

  it('are answered early when asked, with the end if that comes in time', async () => {
    const session = await aSession();
    const quick = await session.execute({ command: 'echo quick' }, { prefer: 'respond-async, wait=20' });
    expect(quick.status).toBe(200);
    expect(await quick.json()).toMatchObject({ outcome: 'succeeded', stdout: 'quick\n' });
    const slow = await session.execute({ command: 'sleep 5; echo slow' }, { prefer: 'respond-async, wait=1' });
    expect(slow.status).toBe(202);
    expect(slow.headers.get('preference-applied')).toBe('respond-async, wait=1');
    const location = slow.headers.get('location') ?? '';
    await eventually(
      async () =>
        expect((await current().api.send({ method: 'GET', path: location })).body).toMatchObject({ stdout: 'slow\n' }),
      { timeoutMs: 60_000, intervalMs: 200 },
    );
  });

  it('run once for each idempotency key', async () => {
    const session = await aSession();
    const key = { 'idempotency-key': 'step-1' };
    const command = 'echo x >> runs; wc -l < runs; until [ -e asked ]; do sleep 0.05; done';
    const first = session.execute({ command }, key);
    await eventually(async () => expect((await session.run('cat runs')).stdout).toBe('x\n'), { timeoutMs: 20_000 });
    const meanwhile = await session.execute({ command }, key);
    expect(meanwhile.status).toBe(409);
    await session.run('touch asked');
    const result = (await (await first).json()) as { executionId: string };
    expect(JSON.stringify(await meanwhile.json())).toContain(result.executionId);
    expect(await (await session.execute({ command }, key)).json()).toEqual(result);
    const streamed = await allEvents(await session.execute({ command }, { ...key, ...asStream }));
    expect(streamed[0]?.data).toMatchObject({ executionId: result.executionId });
    expect((await session.execute({ command: 'other' }, key)).status).toBe(422);
    expect((await session.run('cat runs')).stdout).toBe('x\n');
  });

  it.each([
    ['leave a child in a session of its own', 'setsid sleep 1235 & sleep 1235'],
    ['ignore to be asked to end', "trap '' TERM INT HUP; while :; do sleep 1; done"],
    ['fork without end', 'f() { f | f & }; f; while :; do sleep 1; done'],
    ['take all memory', 'head -c 16G /dev/zero | tail; sleep 60'],
  ])('that %s end in time, and the session goes on', async (_name, command) => {
    const session = await aSession();
    const timeout = 3_000;
    const started = performance.now();
    const result = await current().api.execute(session.id, { command, timeout });
    expect(performance.now() - started).toBeLessThan(timeout + lateMilliseconds);
    expect(['timed_out', 'failed']).toContain(result.outcome);
    await eventually(async () => expect(await session.run('echo fine')).toMatchObject({ stdout: 'fine\n' }), {
      timeoutMs: 30_000,
      intervalMs: 500,
    });
  });

  it.each(['yes', 'cat /dev/urandom', 'head -c 100M /dev/zero >&2'])(
    'that flood (%s) are cut off in the stream while the gateway and the executor stay small',
    async (command) => {
      const session = await aSession();
      const events = await allEvents(await session.stream({ command, timeout: 3_000, encoding: 'base64' }));
      expect(events.map(({ event }) => event)).toContain('truncated');
      expect(events.at(-1)?.event).toBe('finished');
      const bytes = events.reduce((sum, { data }) => sum + String(data['base64'] ?? '').length, 0);
      expect(bytes).toBeLessThan(2 ** 20);
      for (const service of ['gateway', 'executor'] as const) {
        expect(current().memoryOf(service)).toBeLessThan(500 * 2 ** 20);
      }
    },
  );

  it('print what they like and forge nothing', async () => {
    const session = await aSession();
    const text = '\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u202e<script>\r\nlevel=forged-by-learner';
    const answer = await session.execute({ command: ['printf', '%s', text] }, {});
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ stdout: text });
    expect(printed(await allEvents(await session.stream({ command: ['printf', '%s', text] })), 'stdout')).toBe(text);
    expect(current().logged('forged-by-learner')).toEqual([]);
  });
});
