import { describe, expect, it } from 'vitest';
import { parseRegistryLogins, registryOf } from './registry-auth.js';

const login = (username: string, password: string) => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});
const file = (auths: object, others: object = {}): string => JSON.stringify({ auths, ...others });

describe('the registry of an image', () => {
  it.each([
    ['nginx:alpine', 'docker.io'],
    ['library/nginx', 'docker.io'],
    ['index.docker.io/library/nginx', 'docker.io'],
    ['registry.example/nginx', 'registry.example'],
    ['registry.example:5000/team/nginx:1', 'registry.example:5000'],
    ['localhost/nginx', 'localhost'],
    ['team/nginx@sha256:0', 'docker.io'],
  ])('of %s is %s', (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });
});

describe('a file with logins', () => {
  it('is read in every form that Docker writes', () => {
    const logins = parseRegistryLogins(
      file(
        {
          'https://index.docker.io/v1/': login('one', 'a:b'),
          'https://index.docker.io/v1/access-token': login('one', 'access'),
          'https://index.docker.io/v1/refresh-token': login('one', 'refresh..client'),
          'registry.example:5000': { username: 'two', password: 'p' },
          'https://token.example': { ...login('three', ''), identitytoken: 't' },
        },
        { HttpHeaders: {} },
      ),
    );
    expect([...logins]).toEqual([
      ['docker.io', { username: 'one', password: 'a:b' }],
      ['registry.example:5000', { username: 'two', password: 'p' }],
      ['token.example', { identitytoken: 't' }],
    ]);
  });

  it.each([
    ['is not JSON', '{"auths": "a-secret'],
    ['has no auths', JSON.stringify({ password: 'a-secret' })],
    ['has no auths', file({ 'registry.example': 'a-secret' })],
    ['has no login for registry.example', file({ 'registry.example': {} }, { credsStore: 'desktop' })],
    ['has no login for registry.example', file({ 'registry.example': { password: 'a-secret' } })],
  ])('that %s is refused without repeating it', (fault, text) => {
    const refused = (): unknown => parseRegistryLogins(text);
    expect(refused).toThrow(fault);
    expect(refused).not.toThrow('a-secret');
  });
});
