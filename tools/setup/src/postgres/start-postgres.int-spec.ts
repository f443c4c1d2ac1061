import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres } from './start-postgres.js';

const report = (): void => undefined;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-postgres-spec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a server for tests', () => {
  it('accepts its password only, keeps it out of the process list, and leaves nothing', async () => {
    const dataDirectory = join(folder, 'ephemeral');
    const server = await startPostgres({ dataDirectory, ephemeral: true, report });
    try {
      expect(await query(server.adminUrl, "select current_setting('fsync') as fsync")).toEqual([{ fsync: 'off' }]);
      const { password } = new URL(server.adminUrl);
      const wrong = server.adminUrl.replace(password, 'guess');
      await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
      expect(execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })).not.toContain(password);
    } finally {
      await server.stop();
    }
    await expect(opens(server.port)).resolves.toBe(false);
    expect((await readdir(folder)).filter((name) => name.startsWith('ephemeral'))).toEqual([]);
  });
});

describe('a kept server', () => {
  it('has its data and its password again after a restart', async () => {
    const dataDirectory = join(folder, 'kept');
    const first = await startPostgres({ dataDirectory, report });
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const lines: string[] = [];
    const second = await startPostgres({ dataDirectory, port: first.port, report: (line) => lines.push(line) });
    try {
      expect(second.adminUrl).toBe(first.adminUrl);
      expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
      const path = /data in (.*)\)/.exec(lines.join())?.[1] ?? '';
      expect((await stat(`${path}.password`)).mode & 0o777).toBe(0o600);
      expect(await readFile(join(path, 'pg_hba.conf'), 'utf8')).not.toMatch(/^\w.*trust$/m);
      await expect(startPostgres({ dataDirectory, report })).rejects.toThrow(/lock file .* already exists/);
      const other = join(folder, 'other');
      const busy = startPostgres({ dataDirectory: other, port: first.port, ephemeral: true, report });
      await expect(busy).rejects.toThrow(/Address already in use/);
      await second.stop();
      await rm(path, { recursive: true });
      await rm(`${path}.password`);
    } finally {
      await second.stop();
    }
  });
});

function opens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}
