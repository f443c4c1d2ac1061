import { KubeConfig } from '@kubernetes/client-node';
import { ManualClock } from '@nalabo/kernel';
import { BasicConstraintsExtension, X509Certificate } from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { createSessionAuthority, issueSessionKubeconfig } from './session-authority.js';

const clock = new ManualClock(new Date('2026-06-01T12:00:00Z'));
const session = {
  namespace: 'nalabo-session-abc',
  labels: { 'nalabo.io/session': 'abc' },
  endsByEpochSeconds: Date.UTC(2026, 5, 1, 16) / 1000,
};

const textOf = (secret: KubeObject, key: string): string =>
  Buffer.from((secret['data'] as Record<string, string>)[key] ?? '', 'base64').toString('utf8');

async function learnerOf(kubeconfig: KubeObject) {
  const config = new KubeConfig();
  config.loadFromString(textOf(kubeconfig, 'config'));
  const { certData = '', keyData = '' } = config.getCurrentUser() ?? {};
  const pem = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
  return { config, certificate: new X509Certificate(pem(certData)), key: pem(keyData) };
}

describe('the authority of a session', () => {
  it('is the Secret in which the control plane looks for one, with nothing derived from it yet', async () => {
    const secret = await createSessionAuthority(session, clock);
    expect(secret.metadata).toEqual({
      name: 'vcluster-certs',
      namespace: 'nalabo-session-abc',
      labels: { app: 'vcluster', 'vcluster-name': 'vcluster', 'nalabo.io/session': 'abc' },
    });
    expect(Object.keys(secret['data'] as object)).toEqual(['ca.crt', 'ca.key']);
    expect(textOf(secret, 'ca.key')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  it('may sign, from a little before now until a day after the end of the session', async () => {
    const certificate = new X509Certificate(textOf(await createSessionAuthority(session, clock), 'ca.crt'));
    expect(certificate.getExtension(BasicConstraintsExtension)).toMatchObject({ ca: true });
    expect(certificate.notBefore).toEqual(new Date('2026-06-01T11:55:00Z'));
    expect(certificate.notAfter).toEqual(new Date('2026-06-02T16:00:00Z'));
  });

  it('is another one each time', async () => {
    const [one, other] = await Promise.all([
      createSessionAuthority(session, clock),
      createSessionAuthority(session, clock),
    ]);
    expect(textOf(one, 'ca.key')).not.toBe(textOf(other, 'ca.key'));
  });
});

describe('the kubeconfig of a learner', () => {
  it('leads to the name of the virtual API and trusts the authority of the session', async () => {
    const authority = await createSessionAuthority(session, clock);
    const { config } = await learnerOf(await issueSessionKubeconfig(authority, session, clock));
    expect(config.getCurrentCluster()).toMatchObject({
      server: 'https://vcluster.nalabo-session-abc.svc:443',
      caData: Buffer.from(textOf(authority, 'ca.crt')).toString('base64'),
    });
  });

  it('holds a certificate of the administrators, signed by the authority', async () => {
    const authority = await createSessionAuthority(session, clock);
    const { certificate, key } = await learnerOf(await issueSessionKubeconfig(authority, session, clock));
    expect(certificate.subject).toBe('O=system:masters, CN=nalabo-learner');
    const { publicKey } = new X509Certificate(textOf(authority, 'ca.crt'));
    await expect(certificate.verify({ publicKey, date: clock.now() })).resolves.toBe(true);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });
});
