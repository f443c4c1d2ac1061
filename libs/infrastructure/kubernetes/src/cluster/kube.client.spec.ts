import { afterEach, describe, expect, it } from 'vitest';
import { FakeApiServer } from '../testing/fake-api-server.js';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'n' } };
const refused = (message: string) => JSON.stringify({ kind: 'Status', reason: 'Conflict', message });
const contended = refused('Operation cannot be fulfilled on resourcequotas "session": the object has been modified');

describe('a change', () => {
  let server: FakeApiServer;
  afterEach(() => server.close());

  async function answering(...answers: readonly (readonly [number, string])[]) {
    let next = 0;
    server = new FakeApiServer((_, response) => {
      const [status, body] = answers[Math.min(next, answers.length - 1)] ?? [500, ''];
      next += 1;
      response.writeHead(status).end(body);
    });
    return server.listen();
  }

  it('is tried again while others are counted against the same quota', async () => {
    const client = await answering([409, contended], [409, contended], [201, JSON.stringify(secret)]);
    expect(await client.create(secret)).toEqual(secret);
    expect(server.requests).toHaveLength(3);
  });

  it('fails for the moment when the quota stays busy', async () => {
    const client = await answering([409, contended]);
    await expect(client.create(secret)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(server.requests).toHaveLength(5);
  });

  it('is not tried again when the name is taken', async () => {
    const client = await answering([409, refused('secrets "s" already exists')]);
    await expect(client.create(secret)).rejects.toMatchObject({ kind: 'conflict' });
    expect(server.requests).toHaveLength(1);
  });
});
