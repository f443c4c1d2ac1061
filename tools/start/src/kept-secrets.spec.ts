import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccess, writeDevEnv } from './dev-env.js';
import { keptSecrets } from './kept-secrets.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-kept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the secrets of an installation', () => {
  it('are made once and for their owner alone', async () => {
    const file = join(folder, 'kept', 'secrets.json');
    const secrets = await keptSecrets(file);
    expect(secrets.apiKey).toMatch(/^nlb_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(await keptSecrets(file)).toEqual(secrets);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('are never replaced when their file is damaged', async () => {
    const file = join(folder, 'secrets.json');
    await writeFile(file, '{');
    await expect(keptSecrets(file)).rejects.toThrow(/is damaged/);
  });
});

describe('the access that is kept for clients', () => {
  it('is found again, and the environment wins', async () => {
    const file = join(folder, 'dev.env');
    await writeFile(file, 'NALABO_URL=http://old\n', { mode: 0o644 });
    await writeDevEnv(file, { url: 'http://127.0.0.1:3000', apiKey: 'nlb_1_2' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await findAccess(file, {})).toEqual({ url: 'http://127.0.0.1:3000', apiKey: 'nlb_1_2' });
    expect(await findAccess(file, { NALABO_URL: 'http://other' })).toMatchObject({ url: 'http://other' });
  });

  it('is missing on a fresh clone', async () => {
    expect(await findAccess(join(folder, 'dev.env'), {})).toBeUndefined();
  });
});
