import { expect, it } from 'vitest';
import { postgresArguments } from './postgres-arguments.js';
import { isPostmasterReady } from './postmaster-status.js';

const file = (pid: number, status: string): string => `${pid}\n/data\n1\n5432\n\n127.0.0.1\n1 2\n${status}\n`;

it.each([
  ['ready   ', 7, true],
  ['starting', 7, false],
  ['ready   ', 8, false],
  ['ready   ', undefined, false],
])('status %j seen by the parent of process %s means %s', (status, pid, ready) => {
  expect(isPostmasterReady(file(7, status), pid)).toBe(ready);
});

it('forces data to disk unless it is thrown away anyway', () => {
  expect(postgresArguments('/data', 5432, false)).not.toContain('fsync=off');
  expect(postgresArguments('/data', 5432, true)).toContain('fsync=off');
  expect(postgresArguments('/data', 5432, false)).toContain('listen_addresses=127.0.0.1');
});
