import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import type { Clock } from '@nalabo/kernel';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { stringify } from 'yaml';
import type { KubeObject } from '../cluster/kube-object.js';
import { kubeconfigSecret } from '../session/session-names.js';
import { certificatesSecret, releaseName, virtualApiServer } from './virtual-cluster-names.js';

/**
 * The authority of a session's virtual cluster is made by us, before its control plane is: so the learner's certificate
 * is valid at the moment in which the API first answers, and nobody waits for the one that the control plane makes.
 */

export interface AuthoritySession {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly endsByEpochSeconds: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** In Kubernetes the organization of a certificate is the group: the learner is the administrator of this API. */
const learnerName = 'O=system:masters, CN=nalabo-learner';
const clockSkewMs = 5 * 60_000;
/** Beyond the end of the session, so that nothing fails in its last minutes for a certificate. */
const marginMs = 24 * 60 * 60_000;

/** The Secret in which the control plane finds the authority; it adds the certificates that it derives from it. */
export async function createSessionAuthority(session: AuthoritySession, clock: Clock): Promise<KubeObject> {
  cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validityOf(session, clock),
    name: 'CN=nalabo-session',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return secret(session, certificatesSecret, {
    labels: { app: 'vcluster', 'vcluster-name': releaseName },
    data: { 'ca.crt': `${certificate.toString('pem')}\n`, 'ca.key': await pemOf(keys.privateKey) },
  });
}

/**
 * The Secret with the learner's kubeconfig, for the server's name inside the cluster.
 * @param authority The Secret of `createSessionAuthority`, as made or as read from the cluster.
 */
export async function issueSessionKubeconfig(
  authority: KubeObject,
  session: AuthoritySession,
  clock: Clock,
): Promise<KubeObject> {
  cryptoProvider.set(webcrypto);
  const authorityPem = dataOf(authority, 'ca.crt');
  const issuer = new X509Certificate(authorityPem);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    ...validityOf(session, clock),
    subject: learnerName,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await signingKeyOf(dataOf(authority, 'ca.key')),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  const kubeconfig = kubeconfigOf(session.namespace, {
    authority: authorityPem,
    certificate: `${certificate.toString('pem')}\n`,
    key: await pemOf(keys.privateKey),
  });
  return secret(session, kubeconfigSecret, { labels: {}, data: { config: kubeconfig } });
}

function validityOf({ endsByEpochSeconds }: AuthoritySession, clock: Clock) {
  const notBefore = new Date(clock.now().getTime() - clockSkewMs);
  const notAfter = new Date(endsByEpochSeconds * 1000 + marginMs);
  return { notBefore, notAfter };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), PemConverter.PrivateKeyTag)}\n`;
}

function signingKeyOf(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign']);
}

function dataOf(object: KubeObject, key: string): string {
  const { [key]: encoded = '' } = object['data'] as Readonly<Record<string, string>>;
  return Buffer.from(encoded, 'base64').toString('utf8');
}

function kubeconfigOf(namespace: string, pem: Readonly<Record<'authority' | 'certificate' | 'key', string>>): string {
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const user = 'nalabo-learner';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: releaseName,
        cluster: {
          server: virtualApiServer(namespace),
          'certificate-authority-data': encoded(pem.authority),
        },
      },
    ],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': encoded(pem.certificate), 'client-key-data': encoded(pem.key) },
      },
    ],
    contexts: [{ name: releaseName, context: { cluster: releaseName, user, namespace: 'default' } }],
    'current-context': releaseName,
  });
}

function secret(
  { namespace, labels }: AuthoritySession,
  name: string,
  content: { readonly labels: Readonly<Record<string, string>>; readonly data: Readonly<Record<string, string>> },
): KubeObject {
  const data = Object.fromEntries(
    Object.entries(content.data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name, namespace, labels: { ...content.labels, ...labels } },
    data,
  };
}
