import { describe, expect, it } from 'vitest';
import { parseDockerHost } from './docker-host.js';

describe('parseDockerHost', () => {
  it.each([
    ['unix:///var/run/docker.sock', false, { transport: 'unix', socketPath: '/var/run/docker.sock' }],
    ['tcp://engine:2375', false, { transport: 'tcp', host: 'engine', port: 2375 }],
    ['tcp://10.0.0.7', false, { transport: 'tcp', host: '10.0.0.7', port: 2375 }],
    ['tcp://engine', true, { transport: 'tls', host: 'engine', port: 2376 }],
    ['https://engine:9000/', false, { transport: 'tls', host: 'engine', port: 9000 }],
    ['tcp://[fd00::1]:2375', false, { transport: 'tcp', host: 'fd00::1', port: 2375 }],
  ])('reads %s (certificates: %s)', (text, hasCertificates, expected) => {
    expect(parseDockerHost(text, hasCertificates)).toEqual(expected);
  });

  it.each(['', 'ssh://user@engine', 'unix://relative.sock', 'tcp://user:secret@engine:2375', 'engine:2375'])(
    'refuses %s without repeating it',
    (text) => {
      expect(() => parseDockerHost(text, false)).toThrow(/^a Docker host must look like/);
    },
  );
});
