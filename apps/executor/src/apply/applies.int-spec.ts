import { AppError, newSessionId } from '@nalabo/kernel';
import { anActor, eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ExecutorRig, learner, startExecutorRig } from '../executor-rig.cases.js';
import { ApplyingTarget } from './applying-target.cases.js';
import { lentSession } from './lending-provisioner.cases.js';

let rig: ExecutorRig;
const applying = new ApplyingTarget();
beforeAll(async () => {
  rig = await startExecutorRig([applying.target, { ...applying.target, name: 'fixed', apply: null }]);
});
afterAll(() => rig.stop());
beforeEach(() => {
  applying.gate = Promise.resolve();
  applying.refusal = undefined;
  applying.others = [];
});

const aSession = (overrides = {}) => rig.aSession({ target: 'applying', ...overrides });
const configMap = (name: string, data = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${data}`;
const factsOf = (sessionId: string) => rig.appliedFacts.filter((fact) => fact.sessionId === sessionId);
const rowsOf = async (sessionId: string) =>
  (await rig.database.query('SELECT * FROM applies WHERE session_id = $1 ORDER BY started_at', [sessionId])).rows;

describe('an apply', () => {
  it('tells what became of each object, and leaves a result and a fact without the content', async () => {
    const sessionId = await aSession();
    const secret = 'data: { password: hidden-value }\n';
    const first = await rig.apply(sessionId, { configuration: configMap('one', secret) });
    expect(first).toMatchObject({
      sessionId,
      type: 'yaml',
      dryRun: false,
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'one', namespace: null, action: 'created' }],
    });
    const changed = configMap('one', secret.replace('hidden', 'other'));
    expect((await rig.apply(sessionId, { configuration: changed })).objects).toMatchObject([
      { action: 'changed', diff: '-a\n+b\n' },
    ]);
    expect((await rig.apply(sessionId, { configuration: changed })).objects).toMatchObject([{ action: 'unchanged' }]);
    const rows = await rowsOf(sessionId);
    expect(rows).toMatchObject([
      { apply_id: first.applyId, state: 'finished', type: 'yaml', dry_run: false, actor: learner },
      { state: 'finished', result: [{ name: 'one', action: 'changed' }] },
      { state: 'finished' },
    ]);
    await eventually(() => expect(factsOf(sessionId)).toHaveLength(3));
    const [fact] = factsOf(sessionId);
    expect(fact).toMatchObject({
      actor: learner,
      payload: {
        applyId: first.applyId,
        type: 'yaml',
        digest: rows[0].digest,
        counts: { created: 1, changed: 0, unchanged: 0, removed: 0, failed: 0 },
      },
    });
    expect(JSON.stringify([rows.map(({ result }) => result), rig.appliedFacts])).not.toMatch(/-value|\+b/);
  });

  it('leaves nothing of what the API says of a failed object', async () => {
    const sessionId = await aSession();
    const failed = { apiVersion: 'v1', kind: 'Secret', name: 'keys', namespace: null, action: 'failed' } as const;
    const message = 'expected string, got &value.valueUnstructured{Value:12345678}';
    applying.others = [{ ...failed, message }];
    expect((await rig.apply(sessionId, {})).objects[1]).toEqual({ ...failed, message });
    const [row] = await rowsOf(sessionId);
    expect(row).toMatchObject({ state: 'finished', result: [{ name: 'one' }, failed] });
    await eventually(() => expect(factsOf(sessionId)).toHaveLength(1));
    expect(JSON.stringify([row, rig.appliedFacts])).not.toContain('12345678');
  });

  it('whose result cannot be stored is finished all the same, told of, and keeps nobody out', async () => {
    const sessionId = await aSession();
    applying.others = [{ apiVersion: 'v1', kind: 'A', name: 'a\0b', namespace: null, action: 'removed' }];
    expect((await rig.apply(sessionId, {})).objects).toMatchObject([{ name: 'one' }, { name: 'a\0b' }]);
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'finished', result: null }]);
    await eventually(() => expect(factsOf(sessionId)).toHaveLength(1));
    applying.others = [];
    await rig.apply(sessionId, {});
  });

  it('that is only tried answers the same, changes nothing, and is no fact', async () => {
    const sessionId = await aSession();
    const tried = await rig.apply(sessionId, { dryRun: true });
    expect(tried).toMatchObject({ dryRun: true, objects: [{ name: 'one', action: 'created' }] });
    expect([...applying.held.keys()].filter((key) => key.startsWith(sessionId))).toEqual([]);
    await rig.apply(sessionId, {});
    await eventually(() => expect(factsOf(sessionId)).toHaveLength(1));
    expect(await rowsOf(sessionId)).toMatchObject([{ dry_run: true }, { dry_run: false }]);
  });

  it('keeps every other out of its session, and of no other', async () => {
    const [sessionId, other] = [await aSession(), await aSession()];
    const { promise, resolve } = Promise.withResolvers<void>();
    applying.gate = promise;
    const running = rig.apply(sessionId, {});
    await eventually(async () => expect(await rowsOf(sessionId)).toMatchObject([{ state: 'running' }]));
    await expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind: 'conflict' });
    const beside = rig.apply(other, {});
    await eventually(async () => expect(await rowsOf(other)).toMatchObject([{ state: 'running' }]));
    expect(await rowsOf(sessionId)).toHaveLength(1);
    resolve();
    await Promise.all([running, beside]);
    await rig.apply(sessionId, {});
  });

  it('that the infrastructure refuses says what, and keeps nobody out', async () => {
    const sessionId = await aSession();
    const violations = [{ field: 'spec.replicas', message: 'Invalid value', document: 1, line: 2 }];
    applying.refusal = new AppError('unprocessable', 'refused', { details: { violations } });
    await expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind: 'unprocessable', details: { violations } });
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed', result: null }]);
    applying.refusal = undefined;
    await rig.apply(sessionId, {});
  });
});

describe('a refused apply', () => {
  it.each([
    [{ state: 'PROVISIONING' }, 'conflict'],
    [{ state: 'TERMINATING' }, 'conflict'],
    [{ state: 'TERMINATED' }, 'gone'],
    [{ expired: true }, 'gone'],
    [{ ownerId: 'somebody-else' }, 'not_found'],
    [{ target: 'elsewhere' }, 'unavailable'],
  ] as const)('in a session with %j is %s and leaves nothing', async (overrides, kind) => {
    const sessionId = await aSession(overrides);
    await expect(rig.apply(sessionId, {})).rejects.toMatchObject({ kind });
    await expect(rig.kubeconfig(sessionId)).rejects.toMatchObject({ kind });
    expect(await rowsOf(sessionId)).toEqual([]);
  });

  it('of a missing session is the same as of a foreign one', async () => {
    await expect(rig.apply(newSessionId(), {})).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('of another type than the session takes says which one that is, and keeps nobody out', async () => {
    const sessionId = await aSession();
    const message = expect.stringContaining('takes yaml');
    const expected = { kind: 'unprocessable', message, details: { code: 'feature_unavailable' } };
    await expect(rig.apply(sessionId, { type: 'compose' })).rejects.toMatchObject(expected);
    const dockerfile = { type: 'dockerfile', configuration: 'FROM nginx:alpine\n' } as const;
    await expect(rig.apply(sessionId, dockerfile)).rejects.toMatchObject(expected);
    expect(lentSession(sessionId)).toMatchObject({
      token: null,
      outcomes: [{ kind: 'unchanged' }, { kind: 'unchanged' }],
    });
    await rig.apply(sessionId, {});
  });

  it('on an infrastructure that takes no configuration says so', async () => {
    const sessionId = await aSession({ target: 'fixed' });
    await expect(rig.apply(sessionId, {})).rejects.toMatchObject({
      kind: 'unprocessable',
      message: expect.stringContaining('takes no configuration'),
    });
    await expect(rig.kubeconfig(sessionId)).rejects.toMatchObject({
      kind: 'unprocessable',
      message: expect.stringContaining('memory sessions are not clusters'),
    });
  });

  it('is the six hundred and first of what an owner has run in a minute, files with faults counted', async () => {
    const owner = anActor({ ownerId: 'busy' });
    const sessionId = await aSession({ ownerId: owner.ownerId });
    await rig.database.query(
      `INSERT INTO executions (execution_id, session_id, owner_id, actor, correlation_id, command, state, outcome, path)
       SELECT gen_random_uuid(), $1, $2, '{}', 'c', '"true"', 'finished', 'succeeded', 'exec' FROM generate_series(1, 599)`,
      [sessionId, owner.ownerId],
    );
    await expect(rig.apply(sessionId, { configuration: 'a: 1' }, owner)).rejects.toMatchObject({
      kind: 'unprocessable',
    });
    const exhausted = { kind: 'exhausted', details: { retryAfterSeconds: 10 } };
    await expect(rig.apply(sessionId, {}, owner)).rejects.toMatchObject(exhausted);
    const inMemory = await rig.aSession({ ownerId: owner.ownerId });
    await expect(rig.run(inMemory, {}, owner)).rejects.toMatchObject(exhausted);
  });

  it('of a file with faults tells more than a message takes, and keeps nobody out', async () => {
    const sessionId = await aSession();
    const configuration = configMap('one', `? ${'k'.repeat(200_000)}\n: [${'.inf,'.repeat(60)}]\n`);
    const refusal = await rig.apply(sessionId, { configuration }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: 'unprocessable' });
    expect((refusal as AppError).details.violations).toHaveLength(50);
    await rig.apply(sessionId, {});
  });

  it('names every fault of the file by document, line and path, and leaves a row that has failed', async () => {
    const sessionId = await aSession();
    const configuration = [configMap('one'), 'kind: A\n', configMap('../x')].join('---\n');
    await expect(rig.apply(sessionId, { configuration })).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        violations: [
          { path: 'apiVersion', document: 2, line: 5 },
          { path: 'metadata', document: 2, line: 5 },
          { path: 'metadata.name', document: 3, line: 9 },
        ],
      },
    });
    expect(await rowsOf(sessionId)).toMatchObject([{ state: 'failed', result: null }]);
  });
});

describe('the kubeconfig of a session', () => {
  it('is given to its owner and to those who may use the session, and to nobody else', async () => {
    const sessionId = await aSession();
    expect(await rig.kubeconfig(sessionId)).toEqual({ kubeconfig: `kubeconfig of ${sessionId}` });
    await rig.kubeconfig(sessionId, anActor({ ownerId: 'teacher', role: 'instructor' }));
    const foreign = anActor({ ownerId: 'somebody-else' });
    await expect(rig.kubeconfig(sessionId, foreign)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
