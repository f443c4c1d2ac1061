import { byType, type Form, oneOf, readAs, text, wholeNumber } from '../rules/form.js';
import { keysOf, type RuleTable } from '../rules/rule-table.js';
import type { Scope } from '../rules/scope.js';
import type { Endpoint } from './compose-model.js';
import { inServiceList } from './wrap-examples.js';

const number = wholeNumber(1, 65_535);
const protocol = oneOf(['tcp', 'udp']);
const written = text({ pattern: /^\d{1,5}$/, longest: 5, says: 'the number of a port' });
const numberOrText = byType({ number, text: readAs(written, (one, scope) => number.read(Number(one), scope)) });

const portRules = {
  target: {
    verdict: 'allowed',
    form: numberOrText,
    hint: 'Write the port that the service listens on.',
    examples: { accepted: 'target: 80', refused: 'target: 80000' },
  },
  published: {
    verdict: 'allowed',
    form: numberOrText,
    hint: 'Write one port. It is kept as information; nothing is published.',
    examples: { accepted: 'published: "8080"', refused: 'published: 8000-8010' },
  },
  protocol: {
    verdict: 'allowed',
    form: protocol,
    hint: 'Write tcp or udp.',
    examples: { accepted: 'protocol: udp', refused: 'protocol: sctp' },
  },
  host_ip: { verdict: 'ignored', note: 'Nothing is published on the host.', accepted: 'host_ip: 0.0.0.0' },
  mode: { verdict: 'ignored', note: 'Nothing is published on the host.', accepted: 'mode: host' },
  name: { verdict: 'ignored', note: 'The name of a port is for people.', accepted: 'name: web' },
  app_protocol: { verdict: 'ignored', note: 'The protocol is not looked into.', accepted: 'app_protocol: http' },
} as const;

export const portTable = {
  id: 'compose.port',
  title: 'a port in its long form',
  rules: portRules,
  required: ['target'],
  wrap: (example) => inServiceList('ports', example.startsWith('target:') ? '' : 'target: 80\n')(example),
} as const satisfies RuleTable;

const says = 'a port as 80, 8080:80 or 127.0.0.1:8080:80, with /udp behind it where it is one';
const shortPattern = /^(?:(?:[\d.]{7,15}|\[[\da-f:.]{2,45}\]):(?=\d*:))?(?:(\d{0,5}):)?(\d{1,5})(?:\/(tcp|udp))?$/i;

const shortPort: Form<Endpoint> = readAs(text({ pattern: shortPattern, longest: 80, says }), (one, scope) => {
  const [, published = '', target, ending = 'tcp'] = shortPattern.exec(one) ?? [];
  const publishedPort = published === '' ? null : number.read(Number(published), scope);
  return endpoint(number.read(Number(target), scope), ending, publishedPort, scope);
});

const longPort: Form<Endpoint> = readAs(keysOf(portTable), ({ target, protocol: named, published }, scope) =>
  endpoint(target, named ?? 'tcp', published ?? null, scope),
);

function endpoint(
  port: number | undefined,
  ending: string,
  publishedPort: number | null | undefined,
  scope: Scope,
): Endpoint | undefined {
  const readProtocol = protocol.read(ending.toLowerCase(), scope);
  if (port === undefined || readProtocol === undefined || publishedPort === undefined) return undefined;
  return { port, protocol: readProtocol, publishedPort };
}

const plainPort = readAs(number, (port): Endpoint => ({ port, protocol: 'tcp', publishedPort: null }));

/** What the service listens on. Nothing is published. */
export const port: Form<Endpoint> = { ...byType({ number: plainPort, text: shortPort, map: longPort }), says };

/** A port without a host's part. */
export const exposedPort: Form<Endpoint> = {
  ...byType({
    number: plainPort,
    text: readAs(
      text({ pattern: /^\d{1,5}(\/(tcp|udp))?$/, longest: 9, says: 'a port as 80 or 80/udp' }),
      (one, scope) => shortPort.read(one, scope),
    ),
  }),
  says: 'a port as 80 or 80/udp',
};
