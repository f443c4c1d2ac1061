import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { credentialsOf, withServer } from './session-kubeconfig.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const aKubeconfig = (user: object = {}, cluster: object = {}): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'vcluster',
        cluster: {
          server: 'https://vcluster.ns.svc:443',
          'certificate-authority-data': base64('authority'),
          ...cluster,
        },
      },
    ],
    users: [
      {
        name: 'learner',
        user: { 'client-certificate-data': base64('certificate'), 'client-key-data': base64('key'), ...user },
      },
    ],
    contexts: [{ name: 'c', context: { cluster: 'vcluster', user: 'learner' } }],
    'current-context': 'c',
  });

describe('the kubeconfig of a session', () => {
  it('gives the identity of the learner', () => {
    expect(credentialsOf(aKubeconfig())).toEqual({
      serverName: 'vcluster.ns.svc',
      authority: 'authority',
      certificate: 'certificate',
      key: 'key',
    });
  });

  it.each([
    ['text that is not YAML', '{['],
    ['nothing', ''],
    ['another document', 'a: 1'],
    ['a user without a certificate', aKubeconfig({ 'client-key-data': undefined })],
    ['a server that is no address', aKubeconfig({}, { server: 'nowhere' })],
  ])('is refused when it is %s, without being quoted', (_, text) => {
    expect(() => credentialsOf(text)).toThrowError(expect.objectContaining({ kind: 'internal' }));
    expect(() => credentialsOf(text)).not.toThrowError(base64('key'));
  });

  it('takes nothing that would make a client read files or start programs', () => {
    const text = aKubeconfig({ exec: { command: '/bin/sh' }, tokenFile: '/etc/passwd' });
    expect(Object.keys(credentialsOf(text)).sort()).toEqual(['authority', 'certificate', 'key', 'serverName']);
  });

  it('leads outside to another address, and still to the same certificate', () => {
    const outside = parse(withServer(aKubeconfig(), 'https://10.0.0.7:443')) as {
      clusters: { cluster: object }[];
      users: unknown;
    };
    expect(outside.clusters[0]?.cluster).toEqual({
      server: 'https://10.0.0.7:443',
      'tls-server-name': 'vcluster.ns.svc',
      'certificate-authority-data': base64('authority'),
    });
    expect(outside.users).toEqual((parse(aKubeconfig()) as { users: unknown }).users);
  });
});
