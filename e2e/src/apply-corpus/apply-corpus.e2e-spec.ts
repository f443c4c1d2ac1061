import type { ApplyView, Problem } from '@nalabo/contracts';
import type { ApiAnswer } from '@nalabo/start';
import { eventually, findTestEngine } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRows } from './compose-rows.cases.js';
import type { Breach, CorpusRow, Expected } from './corpus-row.js';
import { CorpusSession } from './corpus-session.js';
import { dockerfileRows } from './dockerfile-rows.cases.js';
import { type ConnectionRow, connectionRows, edgeRows } from './edge-rows.cases.js';
import { exchange } from './exchange.js';
import { manifestRows } from './manifest-rows.cases.js';

/** Five times what the corpus asks for: this machine does other things as well. */
const formLimits = { milliseconds: 5 * 100, bytes: 5 * 50 * 2 ** 20 };

const engine = await findTestEngine();
const elsewhere = 'missing' in engine ? engine.missing : undefined;

const fileRows: readonly CorpusRow[] = [
  ...composeRows,
  ...dockerfileRows,
  ...manifestRows.map(({ id, what, configuration }): CorpusRow => {
    return { id, what, configuration, type: 'yaml', expected: { outcome: 'unavailable' } };
  }),
];

describe('the corpus', () => {
  it('has every number', () => {
    const numbers = [...fileRows, ...edgeRows, ...connectionRows].map(({ id }) => id);
    const all = Array.from({ length: 64 - 29 + 1 }, (_, index) => `B${29 + index}`);
    expect([...new Set(numbers)].toSorted()).toEqual(all);
  });
});

describe.skipIf(elsewhere !== undefined)(
  `the corpus in a session${elsewhere ? `, not tested: ${elsewhere}` : ''}`,
  () => {
    let corpus: CorpusSession;
    let untouched: readonly string[];
    let slow: ReadonlyMap<ConnectionRow, Promise<string>>;

    beforeAll(async () => {
      corpus = await CorpusSession.start();
      untouched = await corpus.objects();
      // Whoever waits for the end of a body does so while the rest of the table is tried.
      slow = new Map(connectionRows.map((row) => [row, exchange(portOf(row), opening(row))]));
    });
    afterAll(() => corpus.stop());

    const portOf = ({ to }: ConnectionRow): number =>
      to === 'bus' ? corpus.busPort : Number(new URL(corpus.stack.url).port);
    const opening = ({ to, sent }: ConnectionRow): string =>
      to === 'bus'
        ? sent
        : `POST ${corpus.path}/apply HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${corpus.credential['authorization']}\r\nConnection: close\r\n${sent}`;

    async function expectNothingChanged(): Promise<void> {
      expect(await corpus.objects()).toEqual(untouched);
      expect(await corpus.changes()).toEqual([]);
      expect(corpus.calls).toBe(0);
    }

    async function expectAnsweredInTime({ type, configuration }: CorpusRow): Promise<void> {
      const begun = performance.now();
      await corpus.apply(type, configuration);
      expect(performance.now() - begun).toBeLessThan(formLimits.milliseconds);
    }

    it.each(fileRows)('$id: $type $what', async (row) => {
      const memory = corpus.stack.memoryOf('executor');
      const dryRun = row.expected.outcome === 'accepted';
      const answer = await corpus.apply(row.type, row.configuration, dryRun);
      if (row.id === 'B30') {
        expect(corpus.stack.memoryOf('executor') - memory).toBeLessThan(formLimits.bytes);
        // What else goes on here only ever makes an answer later: one that comes in time shows what the file costs.
        await eventually(() => expectAnsweredInTime(row));
      }
      expectAnswer(answer, row.expected);
      // What the platform's own environment holds.
      expect(JSON.stringify(answer.body)).not.toMatch(/(postgres(ql)?|nats):\/\//);
      await expectNothingChanged();
    });

    it.each(edgeRows)('$id: $what', async ({ method, path, headers, body, status }) => {
      const answer = await fetch(`${corpus.stack.url}${corpus.path}/${path}`, {
        method,
        headers: { ...corpus.credential, ...headers },
        body,
      });
      expect(answer.status).toBe(status);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      if (status >= 400) expect(((await answer.json()) as Problem).status).toBe(status);
      await expectNothingChanged();
    });

    it.each(connectionRows)('$id: $what on a connection to the $to', async (row) => {
      expect(await slow.get(row)).toMatch(row.answer);
      await expectNothingChanged();
    });

    it('B48: a program that is not there beside a service that runs is undone', async () => {
      const beside = `  broken: { image: "nginx:alpine", command: [/nothing], mem_limit: 32m, cpus: 0.1, pids_limit: 16 }\n`;
      const { status, body } = await corpus.apply('compose', corpus.standingFile + beside);
      expect({ status, ...(body as ApplyView) }).toMatchObject({
        status: 200,
        objects: expect.arrayContaining([expect.objectContaining({ name: 'broken', action: 'failed' })]),
      });
      await expectNothingChanged();
    });

    it('B50: the port that was asked for is not open on the host', async () => {
      await expect(fetch(`http://127.0.0.1:${corpus.publishedPort}/`)).rejects.toThrow();
      const inside = await corpus.stack.api.execute(corpus.id, {
        command: 'curl -sS -o /dev/null -w %{http_code} http://standing/',
      });
      expect(inside.stdout).toBe('200');
    });

    it('B62: the same file again changes nothing, and one bad service among good ones neither', async () => {
      const { status, body } = await corpus.apply('compose', corpus.standingFile);
      expect(status).toBe(200);
      expect((body as ApplyView).objects.map(({ action }) => action)).toEqual(['unchanged']);
      await expectNothingChanged();
      const bad = `${corpus.standingFile}  bad: { image: "nginx:alpine", privileged: true }\n  good: { image: "nginx:alpine" }\n`;
      const refused = await corpus.apply('compose', bad);
      expectAnswer(refused, {
        outcome: 'refused',
        breaks: [['compose.service.privileged', 'services.bad.privileged', 8]],
      });
      await expectNothingChanged();
    });
  },
);

/** A path is told in 250 characters at most. */
const shortened = (path: string): string => (path.length > 250 ? `${path.slice(0, 249)}…` : path);

function expectAnswer({ status, body }: ApiAnswer, expected: Expected): void {
  if (expected.outcome === 'accepted') {
    expect(status).toBe(200);
    return;
  }
  const problem = body as Problem;
  expect(status).toBe(422);
  if (expected.outcome === 'unavailable') {
    expect(problem).toMatchObject({ code: 'feature_unavailable', detail: expect.stringContaining('takes compose') });
    return;
  }
  expect(problem.code).toBe('policy_violation');
  const breaches = problem.violations?.map(({ rule, path, line }): Breach => [rule ?? '', path ?? '', line ?? null]);
  const told = expected.breaks.map(([rule, path, line]): Breach => [rule, shortened(path), line]);
  expect(breaches).toEqual(told);
}
