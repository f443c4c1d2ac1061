import { expect, it } from 'vitest';
import { postgresFailure } from './postgres-failure.js';

const stamp = '2026-01-01 00:00:00.000 UTC [7] ';
const busyPort = `${stamp}LOG:  starting PostgreSQL
${stamp}LOG:  could not bind IPv4 address "127.0.0.1": Address already in use
${stamp}HINT:  Is another postmaster already running on port 5432?
${stamp}FATAL:  could not create any TCP/IP sockets
${stamp}LOG:  database system is shut down
`;

it.each([
  ['the address that is taken', busyPort, 'could not bind IPv4 address "127.0.0.1": Address already in use'],
  ['the first fatal message', `${stamp}FATAL:  lock file exists\n${stamp}HINT:  wait\n`, 'lock file exists'],
  ['nothing in an empty log', '', undefined],
])('the reason of a failed start is %s', (_, log, reason) => {
  expect(postgresFailure(log)).toBe(reason);
});
