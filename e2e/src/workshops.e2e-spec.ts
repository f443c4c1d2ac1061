import { randomBytes } from 'node:crypto';
import type { Problem, WorkshopView } from '@nalabo/contracts';
import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';
import type { JourneyStack } from './journey-stack.js';
import { WorkshopAttempt } from './workshop-attempt.js';

const patience = { timeoutMs: 60_000, intervalMs: 500 };
const waitSeconds = 90;

const greeting = {
  title: 'A greeting',
  infrastructure: ['docker'],
  images: ['nginx:alpine'],
  compose: { text: 'services:\n  web:\n    image: nginx:alpine\n    volumes: [./html:/usr/share/nginx/html]\n' },
  files: { 'html/index.html': 'first edition' },
};

const servicesOf = async (stack: JourneyStack, id: string): Promise<readonly string[]> =>
  (await stack.left())
    .filter(({ kind, name }) => kind === 'container' && name.includes(`${id}-s-`))
    .map(({ name }) => name.slice(name.indexOf('-s-') + 3))
    .toSorted();

const put = ({ api }: JourneyStack, id: string, body: object) =>
  api.send({ method: 'PUT', path: `/api/workshops/${id}`, body });
const aName = (): string => `greeting-${randomBytes(4).toString('hex')}`;

await describeJourney('a workshop with services', (current) => {
  it('is ready with those that it brings, and each step passes when it is solved and applied', async () => {
    const stack = current();
    const attempt = await WorkshopAttempt.begin(stack, 'compose-web');
    const { progress } = await attempt.api.session(attempt.id);
    expect(progress).toContainEqual({ step: 'services', status: 'done', durationMs: expect.any(Number) });
    expect(await servicesOf(stack, attempt.id)).toEqual(['api', 'web']);
    await eventually(async () => expect(await attempt.do('curl -sS http://web/')).toContain('Closed today'), patience);
    await solveEach(attempt);
  });

  it('of which the learner writes the file is solved step by step', async () => {
    const attempt = await WorkshopAttempt.begin(current(), 'write-compose');
    await solveEach(attempt);
  });

  it('has what it brought back when the first apply is rolled back', async () => {
    const stack = current();
    const attempt = await WorkshopAttempt.begin(stack, 'compose-web');
    const compose = await attempt.do(['cat', 'compose.yaml']);
    const only = 'services: { alone: { image: "nginx:alpine" } }';
    const { applyId, objects } = await attempt.api.apply(attempt.id, { type: 'compose', configuration: only });
    expect(objects.map(({ kind, name, action }) => `${action} ${kind} ${name}`)).toEqual(
      expect.arrayContaining(['created service alone', 'removed service web', 'removed service api']),
    );
    await attempt.api.rollback(attempt.id, applyId);
    expect(await servicesOf(stack, attempt.id)).toEqual(['api', 'web']);
    const again = await attempt.api.apply(attempt.id, { type: 'compose', configuration: compose });
    expect(again.objects.filter(({ action }) => action !== 'unchanged')).toEqual([]);
  });
});

await describeJourney('a workshop that is stored through the API', (current) => {
  it('is refused with every rule that it breaks, and is not there then', async () => {
    const stack = current();
    const id = aName();
    const text = 'services:\n  web:\n    image: nginx:alpine\n    privileged: true\n    volumes: [/:/host]\n';
    const { status, body } = await put(stack, id, { ...greeting, compose: { text } });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'policy_violation' } });
    const { violations } = body as Problem;
    expect(violations?.map(({ field, path, line }) => `${field} ${path} ${line}`)).toEqual([
      'compose.text services.web.privileged 4',
      'compose.text services.web.volumes[0] 5',
    ]);
    expect(await stack.api.send({ method: 'GET', path: `/api/workshops/${id}` })).toMatchObject({ status: 404 });
  });

  it('is what sessions are created from, each of the revision that it had', async () => {
    const stack = current();
    const id = aName();
    expect(await put(stack, id, greeting)).toMatchObject({ status: 201, body: { id, revision: 1 } });
    expect(await put(stack, id, greeting)).toMatchObject({ status: 200, body: { revision: 1 } });
    const first = await stack.api.createSession({ workshopId: id }, waitSeconds);
    expect(first).toMatchObject({ state: 'READY', workshopRevision: 1 });
    expect(await served(stack, first.id)).toBe('first edition');
    const { body } = await put(stack, id, { ...greeting, files: { 'html/index.html': 'second edition' } });
    expect((body as WorkshopView).revision).toBe(2);
    const second = await stack.api.createSession({ workshopId: id }, waitSeconds);
    expect(await served(stack, second.id)).toBe('second edition');
    expect(await served(stack, first.id)).toBe('first edition');

    expect(await stack.api.send({ method: 'DELETE', path: `/api/workshops/${id}` })).toMatchObject({ status: 204 });
    expect(await stack.api.send({ method: 'GET', path: `/api/workshops/${id}` })).toMatchObject({ status: 404 });
    expect(await served(stack, first.id)).toBe('first edition');
    const refused = { method: 'POST', path: '/api/workshops/sessions', body: { workshopId: id } } as const;
    expect(await stack.api.send(refused)).toMatchObject({ status: 422 });
  });

  it('fails a session whose service cannot be started, and says which', async () => {
    const stack = current();
    const id = aName();
    const text = 'services: { web: { image: "nginx:alpine", command: [/no/such/program] } }';
    await put(stack, id, { ...greeting, compose: { text } });
    const session = await stack.api.createSession({ workshopId: id });
    const { lastError } = await stack.reaching(session.id, 'FAILED');
    expect(lastError).toContain('service web');
  });

  it('is stored by no one but an administrator', async () => {
    const learner = await current().clientOf(aName());
    const path = `/api/workshops/${aName()}`;
    expect(await learner.send({ method: 'PUT', path, body: greeting })).toMatchObject({ status: 403 });
    expect(await learner.send({ method: 'DELETE', path: '/api/workshops/linux-basics' })).toMatchObject({
      status: 403,
    });
  });
});

/** Each check fails before its step is solved and applied, and passes then. */
async function solveEach(attempt: WorkshopAttempt): Promise<void> {
  const { results } = await attempt.check();
  for (const { checkId } of results) {
    expect(await attempt.check(checkId)).toMatchObject({ passed: false });
    await attempt.solve(checkId);
    await attempt.apply();
    await eventually(async () => expect(await attempt.check(checkId)).toMatchObject({ passed: true }), patience);
  }
  expect(await attempt.check()).toMatchObject({ passed: true });
}

function served(stack: JourneyStack, id: string): Promise<string> {
  return eventually(async () => {
    const { outcome, stdout } = await stack.api.execute(id, { command: 'curl -sSf http://web/' });
    expect(outcome).toBe('succeeded');
    return stdout;
  }, patience);
}
