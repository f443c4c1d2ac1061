import { describe, expect, it } from 'vitest';
import { readUpgrade } from './read-upgrade.js';

const id = 'a'.repeat(26);
const path = `/api/workshops/sessions/${id}/terminal`;
const text = 'A'.repeat(43);
const protocol = `nalabo.terminal.v1, ticket.${text}`;

const read = (url: string, headers: Record<string, string> = {}, origins: string[] = []) =>
  readUpgrade({ url, headers: { host: 'lab.example:3000', 'sec-websocket-protocol': protocol, ...headers } }, origins);

describe('readUpgrade', () => {
  it('reads session, pass, size and offset', () => {
    expect(read(`${path}?columns=120&rows=40&offset=77`)).toEqual({
      sessionId: id,
      pass: { kind: 'ticket', text },
      offset: 77,
      size: { columns: 120, rows: 40 },
    });
  });

  it('has a usual size, and no offset, for clients that name none', () => {
    expect(read(path)).toMatchObject({ offset: null, size: { columns: 80, rows: 24 } });
  });

  it.each([
    ['another path', '/api/workshops/sessions', {}, 'not_found'],
    ['a path below', `${path}/x`, {}, 'not_found'],
    ['no session id', '/api/workshops/sessions/x/terminal', {}, 'invalid_input'],
    ['a key in the address', `${path}?key=nlb_secret`, {}, 'invalid_input'],
    ['a ticket in the address', `${path}?ticket=${text}`, {}, 'invalid_input'],
    ['a size of nothing', `${path}?columns=0`, {}, 'invalid_input'],
    ['an enormous size', `${path}?columns=100000`, {}, 'invalid_input'],
    ['an offset that is none', `${path}?offset=-1`, {}, 'invalid_input'],
    ['no subprotocol', path, { 'sec-websocket-protocol': '' }, 'invalid_input'],
    ['a ticket without the protocol', path, { 'sec-websocket-protocol': `ticket.${text}` }, 'invalid_input'],
    ['no ticket', path, { 'sec-websocket-protocol': 'nalabo.terminal.v1' }, 'unauthenticated'],
    [
      'a key instead of a ticket',
      path,
      { 'sec-websocket-protocol': 'nalabo.terminal.v1', authorization: 'Bearer x' },
      'unauthenticated',
    ],
    ['a foreign origin', path, { origin: 'https://evil.example' }, 'forbidden'],
    ['an origin with another port', path, { origin: 'http://lab.example:4000' }, 'forbidden'],
    ['an origin that hides', path, { origin: 'null' }, 'forbidden'],
  ])('refuses %s', (_, url, headers, kind) => {
    expect(() => read(url, headers)).toThrow(expect.objectContaining({ kind }));
  });

  it('never quotes what the address held', () => {
    expect(() => read(`${path}?key=nlb_secret`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('nlb_secret') }),
    );
  });

  it.each([
    ['the same host', 'http://lab.example:3000', []],
    ['the same host behind TLS', 'https://lab.example:3000', []],
    ['a listed origin', 'https://portal.example', ['https://portal.example']],
  ])('lets pages of %s connect', (_, origin, origins) => {
    expect(read(path, { origin }, origins).sessionId).toBe(id);
  });
});
