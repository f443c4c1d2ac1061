import type { Problem } from '@nalabo/contracts';
import { eventually, makeTestCgroup } from '@nalabo/testing';
import { afterAll, expect, it } from 'vitest';
import { describeJourney } from './describe-journey.js';

const patience = { timeoutMs: 60_000, intervalMs: 200 };
const dockerfile = 'FROM nginx:alpine\nCOPY index.html /usr/share/nginx/html/\nEXPOSE 80\n';
const compose = 'services: { web: { image: "nginx:alpine", volumes: ["./nginx:/etc/nginx/conf.d:ro"] } }\n';
const configured = { 'nginx/default.conf': 'server { listen 80; return 200 "configured"; }\n' };

const cgroup = await makeTestCgroup(256);
if ('parent' in cgroup) process.env['NALABO_BUILD_CGROUP'] = cgroup.parent;
afterAll(async () => {
  delete process.env['NALABO_BUILD_CGROUP'];
  if ('remove' in cgroup) await cgroup.remove();
});

await describeJourney('a Dockerfile that a learner applies', (current) => {
  it('is built and served, brought back after something else, and gone with the session', async (context) => {
    if ('missing' in cgroup) return context.skip(cgroup.missing);
    const { api } = current();
    const { id } = await api.createSession({ workshopId: 'write-compose' }, 60);
    const page = async (host: string): Promise<string> =>
      (await api.execute(id, { command: `curl -sS -m 5 http://${host}/` })).stdout;

    const built = await api.apply(id, {
      type: 'dockerfile',
      configuration: dockerfile,
      files: { 'index.html': 'one' },
    });
    expect(built).toMatchObject({ type: 'dockerfile', objects: [{ kind: 'service', name: 'app', action: 'created' }] });
    await eventually(async () => expect(await page('app')).toBe('one'), patience);
    expect(await api.session(id)).toMatchObject({ endpoints: [{ name: 'app', host: 'app', port: 80 }] });

    const broken = {
      type: 'dockerfile',
      configuration: `${dockerfile}RUN echo so far; exit 3\n`,
      files: { 'index.html': '' },
    };
    const refused = await api.send({ method: 'POST', path: `/api/workshops/sessions/${id}/apply`, body: broken });
    expect(refused.status).toBe(422);
    expect((refused.body as Problem).detail).toMatch(/returned a non-zero code: 3[^]*so far/);
    expect(await page('app')).toBe('one');

    const other = await api.apply(id, { type: 'compose', configuration: compose, files: configured });
    await eventually(async () => expect(await page('web')).toBe('configured'), patience);
    await api.rollback(id, other.applyId);
    await eventually(async () => expect(await page('app')).toBe('one'), patience);

    await api.endSession(id);
    const { removed } = await current().cleanReceipt(id);
    expect(removed.map(({ kind }) => kind)).toContain('image');
  });
});
