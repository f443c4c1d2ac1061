import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandWaits } from '@nalabo/contracts';
import type { ApiClient } from '@nalabo/start';
import { eventually, findTestEngine, startTestNats, SwitchableProxy, type TestNats } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Attempt, commandLoad, proofs } from './chaos/command-load.js';
import { OwnEngine } from './chaos/own-engine.js';
import { type ExecutionSummary, readExecutions } from './chaos/read-executions.js';
import { SeededRandom } from './chaos/seeded-random.js';
import { JourneyStack } from './journey-stack.js';

/** Set inside: the engine whose image is used, and the seed of the run that is to be repeated. */
const outerEngine = process.env['NALABO_CHAOS_IMAGE_FROM'];
const seed = Number(process.env['NALABO_CHAOS_SEED'] ?? randomInt(2 ** 31));

const sessionCount = 3;
const workersPerSession = 2;
/** The killed executor's claim on its commands has to run out first. */
const settleMilliseconds = 90_000;
/** How much longer than its limit a command may take to its end. */
const lateMilliseconds = 5000;
/** How long a request may be held up in front of a message bus that is cut off. */
const longestCutMilliseconds = 3000;
// The outer test lasts as long as all that the inner one needs.
vi.setConfig({ testTimeout: outerEngine ? 600_000 : 900_000 });

const here = await findTestEngine();
const isRoot = process.getuid?.() === 0;

if (outerEngine) describe('commands under load', () => underLoad(outerEngine));
else if ('missing' in here) it.skip(`commands under load are not tested: ${here.missing}`);
else if (!isRoot) it.skip('commands under load are not tested: only root may start an engine');
else it('commands under load survive what befalls them', () => runAgainApart(here.socketPath));

/** The engine is restarted in the middle, so this file runs itself again in namespaces of its own with one of its own. */
function runAgainApart(socketPath: string): void {
  const root = join(import.meta.dirname, '../..');
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'journey', import.meta.filename];
  const up = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const inner = spawnSync('unshare', ['--net', '--mount', ...up, process.execPath, ...vitest], {
    cwd: root,
    env: { ...process.env, NALABO_CHAOS_IMAGE_FROM: `unix://${socketPath}`, NALABO_CHAOS_SEED: `${seed}` },
    encoding: 'utf8',
  });
  console.log(
    inner.stdout
      .split('\n')
      .filter((line) => line.startsWith('chaos'))
      .join('\n'),
  );
  expect(inner.status, inner.stdout + inner.stderr).toBe(0);
  expect(inner.stdout).toMatch(/Tests\s+1 passed/);
}

interface Stage {
  readonly folder: string;
  readonly engine: OwnEngine;
  readonly nats: TestNats;
  readonly proxy: SwitchableProxy;
  readonly stack: JourneyStack;
}

function underLoad(imageFrom: string): void {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setUp(imageFrom);
  });
  afterAll(async () => {
    await stage.stack.leaveNothing();
    await stage.stack.stop();
    await stage.proxy.shut();
    await stage.nats.stop();
    await stage.engine.stop();
    await rm(stage.folder, { recursive: true, force: true });
  });

  it('end readably, in time, and never as a success that was none', async () => {
    const random = new SeededRandom(seed);
    console.log(`chaos with seed ${seed}`);
    const sessions = await Promise.all(
      Array.from({ length: sessionCount }, (_, index) => aSession(stage.stack, index)),
    );
    const stop = new AbortController();
    const busy = sessions.flatMap((session) => Array.from({ length: workersPerSession }, () => session));
    const load = Promise.all(busy.map((session) => commandLoad(session, random, stop.signal)));
    for (const [name, befall] of random.shuffle(disastersOf(stage, sessions, random))) {
      await pause(random.between(1000, 4000));
      await befall();
      const startedAt = performance.now();
      await Promise.all(sessions.map(usable));
      console.log(`chaos: ${name}, usable again after ${Math.round(performance.now() - startedAt)} ms`);
    }
    stop.abort();
    const attempts = (await load).flat();
    console.log(`chaos: ${tally(attempts)}`);
    for (const session of sessions)
      await examine(
        session,
        attempts.filter(({ sessionId }) => sessionId === session.id),
      );
  });
}

async function setUp(imageFrom: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'nalabo-chaos-'));
  const engine = await OwnEngine.start(folder, imageFrom);
  process.env['DOCKER_HOST'] = engine.dockerHost;
  const nats = await startTestNats();
  const proxy = new SwitchableProxy({ port: nats.port, host: '127.0.0.1' });
  await proxy.open();
  const natsUrl = nats.url.replace(`:${nats.port}`, `:${proxy.port}`);
  return { folder, engine, nats, proxy, stack: await JourneyStack.start({ kubernetes: false, natsUrl }) };
}

interface BusySession {
  readonly id: string;
  readonly owner: ApiClient;
}

async function aSession(stack: JourneyStack, index: number): Promise<BusySession> {
  const owner = await stack.clientOf(`owner-${index}`);
  const { id, state } = await owner.createSession({ workshopId: 'linux-basics' }, 60);
  expect(state).toBe('READY');
  return { id, owner };
}

type Disaster = readonly [name: string, befall: () => Promise<void>];

/** Shells of commands are killed all the time by the load itself. */
function disastersOf(stage: Stage, sessions: readonly BusySession[], random: SeededRandom): Disaster[] {
  const { stack, proxy, engine } = stage;
  const executor = stack.service('executor');
  const container = (): string => `nalabo-session-${sessions[Math.floor(random.between(0, sessions.length))]?.id}`;
  return [
    ['a container is killed', () => stack.engine.docker.getContainer(container()).kill()],
    ['the executor is killed', () => executor.stop('SIGKILL').then(() => executor.start())],
    [
      'NATS is cut off',
      () =>
        proxy
          .shut()
          .then(() => pause(random.between(500, longestCutMilliseconds)))
          .then(() => proxy.open()),
    ],
    ['the engine is restarted', () => engine.restart()],
  ];
}

async function usable({ id, owner }: BusySession): Promise<void> {
  const probe = async (): Promise<void> => {
    const answer = await owner.execute(id, { command: 'true' });
    expect(answer, JSON.stringify(await owner.session(id))).toMatchObject({ outcome: 'succeeded' });
  };
  await eventually(probe, { timeoutMs: settleMilliseconds, intervalMs: 250 });
}

async function examine({ id, owner }: BusySession, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts) expectInTime(attempt);
  const executions = await allEnded(owner, id);
  const proven = await provenTokens(owner, id);
  for (const attempt of attempts) {
    const execution = executions.find(({ command }) => command.toString().includes(attempt.token));
    if (execution) expectHonest(attempt, execution, proven);
    // Nothing was accepted: there is nothing to be read.
    else expect([200, 202]).not.toContain(attempt.answer?.status);
  }
}

/** With the result when there is one; when the executor is gone, the gateway first waits for it in vain. */
function expectInTime({ kind, limitMs, answeredAfterMs, answer }: Attempt): void {
  const margin = longestCutMilliseconds + (answer?.status === 200 ? 0 : commandWaits.replyMarginMs);
  expect(answeredAfterMs, `the answer to: ${kind}`).toBeLessThan(limitMs + margin + lateMilliseconds);
}

function allEnded(owner: ApiClient, id: string): Promise<ExecutionSummary[]> {
  const probe = async (): Promise<ExecutionSummary[]> => {
    const all = await readExecutions(owner, id);
    expect(all.filter(({ state }) => state === 'running')).toEqual([]);
    return all;
  };
  return eventually(probe, { timeoutMs: settleMilliseconds, intervalMs: 500 });
}

async function provenTokens(owner: ApiClient, id: string): Promise<string[]> {
  const { outcome, stdout } = await owner.execute(id, { command: `ls ${proofs}` });
  expect(outcome).toBe('succeeded');
  return stdout.split('\n');
}

function expectHonest({ token, kind, limitMs, answer }: Attempt, execution: ExecutionSummary, proven: string[]): void {
  if (answer?.status === 200) expect(answer.body).toMatchObject({ outcome: execution.outcome });
  expect(execution.durationMs ?? 0, `the time of: ${kind}`).toBeLessThanOrEqual(limitMs + lateMilliseconds);
  if (execution.outcome !== 'succeeded') return;
  expect(['proves itself', 'kills its shell']).toContain(kind);
  expect(proven, `told as succeeded: ${kind}`).toContain(token);
}

function tally(attempts: readonly Attempt[]): string {
  const ends = Map.groupBy(attempts, ({ answer }) => {
    const { outcome } = (answer?.body ?? {}) as { outcome?: string | null };
    return `${answer?.status ?? 'no answer'} ${outcome ?? ''}`.trim();
  });
  return [...ends].map(([end, ofEnd]) => `${ofEnd.length} x ${end}`).join(', ');
}
