import { httpLimits } from '@nalabo/contracts';
import type { CorpusId } from './corpus-row.js';

/** A request that is no apply, or none in its form. */
export interface EdgeRow {
  readonly id: CorpusId;
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  readonly path: 'apply' | 'applies';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly status: number;
}

const json = { 'content-type': 'application/json' };
const apply = (type: string, configuration: string): string => JSON.stringify({ type, configuration });
const compose = apply('compose', 'services: { web: { image: "nginx:alpine" } }');
const post = { method: 'POST', path: 'apply', headers: json } as const;
const foreign = { origin: 'https://evil.example', 'x-http-method-override': 'DELETE' };

export const edgeRows: readonly EdgeRow[] = [
  { id: 'B29', what: 'an unknown type', ...post, body: apply('helm', 'a: b'), status: 400 },
  {
    id: 'B29',
    what: 'a wrong content type',
    ...post,
    headers: { 'content-type': 'text/yaml' },
    body: 'a: b',
    status: 415,
  },
  {
    id: 'B30',
    what: 'a body over the limit',
    ...post,
    body: apply('compose', 'x'.repeat(httpLimits.bodyBytes)),
    status: 413,
  },
  {
    id: 'B61',
    what: 'a ConfigMap of 1 MiB',
    ...post,
    body: apply(
      'yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: "${'x'.repeat(2 ** 20)}" }`,
    ),
    status: 413,
  },
  { id: 'B63', what: 'a wrong verb', ...post, method: 'PUT', body: compose, status: 405 },
  {
    id: 'B63',
    what: 'an override of the verb',
    method: 'GET',
    path: 'applies',
    headers: foreign,
    body: null,
    status: 200,
  },
  {
    id: 'B63',
    what: 'a request of another origin',
    method: 'OPTIONS',
    path: 'apply',
    headers: foreign,
    body: null,
    status: 405,
  },
];

/** Bytes on a connection, to the gateway or to the message bus, and how the answer begins. */
export interface ConnectionRow {
  readonly id: CorpusId;
  readonly what: string;
  readonly to: 'gateway' | 'bus';
  /** What is sent after the first line of a request and its credential. */
  readonly sent: string;
  readonly answer: RegExp;
}

const toGateway = (what: string, sent: string, status: number): ConnectionRow => ({
  id: 'B63',
  what,
  to: 'gateway',
  sent,
  answer: new RegExp(`^HTTP/1\\.1 ${status} `),
});
const asJson = 'Content-Type: application/json\r\n';
const large = Array.from({ length: 200 }, (_, index) => `X-Header-${index}: ${'x'.repeat(100)}\r\n`).join('');

export const connectionRows: readonly ConnectionRow[] = [
  toGateway('a body that is longer than it says', `${asJson}Content-Length: 10\r\n\r\n${compose}`, 400),
  toGateway('a body that is shorter than it says', `${asJson}Content-Length: 10000\r\n\r\n${compose}`, 408),
  toGateway('a body in chunks without an end', `${asJson}Transfer-Encoding: chunked\r\n\r\n5\r\n{"typ\r\n`, 408),
  toGateway('two lengths', `${asJson}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}`, 400),
  toGateway('200 large headers', `${large}\r\n`, 431),
  {
    id: 'B64',
    what: 'no credential',
    to: 'bus',
    sent: 'CONNECT {"verbose":false}\r\nSUB > 1\r\nPING\r\n',
    answer: /^INFO [^\r]*\r\n-ERR 'Authorization Violation'/,
  },
  {
    id: 'B64',
    what: 'a password that is guessed',
    to: 'bus',
    sent: 'CONNECT {"verbose":false,"user":"nalabo","pass":"nalabo"}\r\nSUB > 1\r\nPING\r\n',
    answer: /^INFO [^\r]*\r\n-ERR 'Authorization Violation'/,
  },
];
