import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTargets, targetsConfigSchema } from './targets.js';

const required = { DATABASE_URL: 'postgres://h/d', NATS_URL: 'nats://h', HEALTH_PORT: '0' };

describe('the targets of an installation', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nalabo-targets-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const namesFor = async (targets: readonly object[] | undefined): Promise<readonly string[]> => {
    const file = join(folder, 'targets.json');
    await writeFile(file, JSON.stringify(targets ?? []));
    const variables = { ...required, ...(targets ? { NALABO_TARGETS: file } : {}) };
    return (await createTargets(targetsConfigSchema.parse(variables))).all().map(({ name }) => name);
  };

  it('are the local engine alone, unless a file names more', async () => {
    expect(await namesFor(undefined)).toEqual(['local-docker']);
    const second = { type: 'docker', name: 'second', dockerHost: 'tcp://engine:2375', dockerNetwork: 'labs' };
    expect(await namesFor([second])).toEqual(['local-docker', 'second']);
  });

  it.each([
    [{ type: 'nomad', name: 'n' }, 'no provider of type nomad'],
    [{ type: 'kubernetes', name: 'k', endpoint: '/no/such/file' }, 'cannot be used'],
    [{ type: 'kubernetes', name: 'k', isolation: 'none' }, 'isolation must be one of'],
    [{ type: 'docker', name: 'local-docker' }, 'unique'],
    [{ type: 'docker', name: 'd', dockerhost: 'unix:///x' }, 'dockerhost'],
    [{ type: 'docker', name: 'd', registryAuth: '/no/such/file' }, 'registry logins /no/such/file'],
  ])('refuse %j', async (target, message) => {
    await expect(namesFor([target])).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining(message),
    });
  });
});
