import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '@nalabo/testing';
import { describeJourney } from './describe-journey.js';
import type { JourneyStack } from './journey-stack.js';

/** With limits of its own: without, services share what there is, and one more changes them all. */
const compose = `services:
  web:
    image: nginx:alpine
    mem_limit: 64m
    cpus: 0.1
    pids_limit: 32
    ports: ["8080:80"]
    volumes: ["./html:/usr/share/nginx/html"]
`;
const two = `${compose}  other:
    image: nginx:alpine
`;
/** Takes seconds to apply, so that it can be cut off in the middle. */
const slow = `${two}    command: [sleep, "3"]
  last:
    image: nginx:alpine
    depends_on: { other: { condition: service_completed_successfully } }
`;
const page = 'html/index.html';
const waitSeconds = 60;
const patience = { timeoutMs: 60_000, intervalMs: 100 };

/** The dead executor's lease of 15 seconds has to run out first. */
const restorePatience = { timeoutMs: 90_000, intervalMs: 200 };

async function aSession({ api }: JourneyStack): Promise<string> {
  const { id } = await api.createSession({ workshopId: 'write-compose' }, waitSeconds);
  await api.apply(id, { type: 'compose', configuration: compose, files: { [page]: 'one' } });
  return id;
}
const served = async ({ api }: JourneyStack, id: string): Promise<string> =>
  (await api.execute(id, { command: 'curl -sS http://web/' })).stdout;
const servicesOf = async (stack: JourneyStack, id: string): Promise<readonly string[]> =>
  (await stack.left())
    .filter(({ kind, name }) => kind === 'container' && name.includes(`${id}-s-`))
    .map(({ name }) => name.slice(name.indexOf('-s-') + 3))
    .toSorted();

async function logOf({ url, authorization }: JourneyStack, id: string, query: string): Promise<string> {
  const answer = await fetch(`${url}/api/workshops/sessions/${id}/logs?${query}`, { headers: authorization });
  return answer.text();
}

/** A client that follows a log. */
class Follower {
  private text = '';

  private constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  static async of({ url, authorization }: JourneyStack, id: string, service: string): Promise<Follower> {
    const path = `/api/workshops/sessions/${id}/logs?service=${service}&follow=true`;
    const answer = await fetch(url + path, { headers: authorization });
    if (!answer.ok || !answer.body) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return new Follower(answer.body.getReader());
  }

  async until(expected: string): Promise<void> {
    while (!this.text.includes(expected)) {
      const { value, done } = await this.reader.read();
      if (done) throw new Error(`the log has ended: ${this.text}`);
      this.text += Buffer.from(value).toString();
    }
  }

  /** Resolves when the answer has come to its proper end. */
  async ended(): Promise<void> {
    while (!(await this.reader.read()).done);
  }

  leave(): Promise<void> {
    return this.reader.cancel();
  }
}

/** The connections of the executor through sockets of this machine's file system, as that of its engine is. */
function engineConnections(stack: JourneyStack): readonly string[] {
  const folder = `/proc/${stack.service('executor').pid}`;
  const local = new Set(
    readFileSync(`${folder}/net/unix`, 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/)[6]),
  );
  const open = readdirSync(`${folder}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/fd/${fd}`))?.[1] ?? [];
    } catch {
      // It was closed while we looked.
      return [];
    }
  });
  return open.filter((inode) => local.has(inode));
}

await describeJourney('a Compose file in a session', (current) => {
  it('is served, shares its folder with the workbench, changes, and is brought back', async () => {
    const stack = current();
    const id = await aSession(stack);
    await eventually(async () => expect(await served(stack, id)).toBe('one'), patience);
    await stack.api.execute(id, { command: `printf edited > ${page}` });
    expect(await served(stack, id)).toBe('edited');
    const changed = await stack.api.apply(id, { type: 'compose', configuration: two, files: { [page]: 'two' } });
    expect(changed.objects.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual(
      expect.arrayContaining(['service web unchanged', 'service other created', `file ${page} changed`]),
    );
    expect(await served(stack, id)).toBe('two');
    await stack.api.rollback(id, changed.applyId);
    expect(await served(stack, id)).toBe('edited');
    expect(await servicesOf(stack, id)).toEqual(['web']);
    const history = await stack.api.applies(id);
    expect(history).toMatchObject([
      { rollbackOf: changed.applyId },
      { applyId: changed.applyId },
      { state: 'finished' },
    ]);
    await stack.api.endSession(id);
    await stack.cleanReceipt(id);
  });

  it('is as it was when the executor is killed in the middle of the next one', async () => {
    const stack = current();
    const id = await aSession(stack);
    const executor = stack.service('executor');
    const events = await stack.engine.events();
    const body = { type: 'compose', configuration: slow, files: { [page]: 'two', 'new.txt': 'new' } };
    const path = `/api/workshops/sessions/${id}/apply`;
    const request = { method: 'POST', path, body, headers: { 'idempotency-key': 'cut-off' } } as const;
    // Its answer never comes.
    void stack.api.send(request).catch(() => undefined);
    await events.until(
      ({ type, action, name }) => type === 'container' && action === 'create' && name.includes(`${id}-s-`),
    );
    await executor.stop('SIGKILL');
    events.stop();
    await executor.start();
    const reason = expect.stringContaining('was cut off, and what it had changed was brought back');
    await eventually(
      async () => expect(await stack.api.applies(id)).toMatchObject([{ state: 'failed', reason }, {}]),
      restorePatience,
    );
    expect(await servicesOf(stack, id)).toEqual(['web']);
    expect(await served(stack, id)).toBe('one');
    expect(await stack.api.execute(id, { command: `cat ${page}; ls | grep new` })).toMatchObject({ stdout: 'one' });
    expect(await stack.api.send(request)).toMatchObject({ status: 200 });
    expect(await servicesOf(stack, id)).toEqual(['last', 'other', 'web']);
    expect(await served(stack, id)).toBe('two');
    expect((await stack.api.applies(id)).map(({ state }) => state)).toEqual(['finished', 'failed', 'finished']);
  });

  it('tells what its services write and how they are, and nothing is read for a client that has left', async () => {
    const stack = current();
    const id = await aSession(stack);
    await eventually(async () => expect(await served(stack, id)).toBe('one'), patience);
    const { services } = await stack.api.health(id);
    expect(services).toEqual([{ name: 'web', state: 'running', health: null, exitCode: null }]);
    await eventually(
      async () => expect(await logOf(stack, id, 'service=web&tail=5')).toContain('"GET / HTTP/1.1" 200'),
      patience,
    );
    expect(await logOf(stack, id, 'service=other')).toContain('The session has no service other.');
    const follower = await Follower.of(stack, id, 'web');
    await stack.api.execute(id, { command: 'curl -sS http://web/not-there' });
    await follower.until('"GET /not-there HTTP/1.1" 404');
    const open = engineConnections(stack);
    await follower.leave();
    // One of them was the log's, and is closed. The others are kept for further calls.
    const left = (): number => open.filter((connection) => engineConnections(stack).includes(connection)).length;
    await eventually(() => expect(left()).toBeLessThan(open.length), { timeoutMs: 5_000 });
    const last = await Follower.of(stack, id, 'web');
    await stack.api.endSession(id);
    await last.ended();
    await stack.cleanReceipt(id);
  });

  it('leaves nothing when its session is ended in the middle', async () => {
    const stack = current();
    const id = await aSession(stack);
    const events = await stack.engine.events();
    const next = stack.api.apply(id, { type: 'compose', configuration: two }).catch(() => undefined);
    await events.until(({ type, action, name }) => type === 'container' && action === 'create' && name.includes('-s-'));
    events.stop();
    await stack.api.endSession(id);
    await next;
    await stack.cleanReceipt(id);
  });
});
