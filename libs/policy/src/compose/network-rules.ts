import { byType, empty, type Form, listOf, mapOf, oneOf, readAs } from '../rules/form.js';
import { keysOf, type Refused, type RuleTable } from '../rules/rule-table.js';
import { composeLimits } from './compose-limits.js';
import type { ServiceNetwork } from './compose-model.js';
import { hostName, objectName } from './names.js';
import { indented, inFile, inServiceUnder } from './wrap-examples.js';

const address = (refused: string): Refused => ({
  verdict: 'refused',
  reason: 'addresses are given by the platform',
  hint: 'Use the name of the service instead of an address.',
  examples: { accepted: 'aliases: [api]', refused },
});

const serviceNetworkRules = {
  aliases: {
    verdict: 'allowed',
    form: listOf(hostName, 10),
    hint: 'Write names of letters, digits and -.',
    examples: { accepted: 'aliases: [api]', refused: 'aliases: ["a b"]' },
  },
  ipv4_address: address('ipv4_address: 10.0.0.2'),
  ipv6_address: address('ipv6_address: "fd00::2"'),
  link_local_ips: address('link_local_ips: [169.254.169.254]'),
  mac_address: address('mac_address: "02:42:ac:11:00:02"'),
} as const;

export const serviceNetworkTable = {
  id: 'compose.service-network',
  title: 'a network of a service',
  rules: serviceNetworkRules,
  required: [],
  wrap: (example) => inServiceUnder('networks', 'front:\n')(`  ${example}`),
} as const satisfies RuleTable;

const nothing = readAs(empty, (): readonly string[] => []);
const aliases = byType<readonly string[]>({
  nothing,
  map: readAs(keysOf(serviceNetworkTable), (read): readonly string[] => read.aliases ?? []),
});

/** The networks that a service is in. */
export const serviceNetworks: Form<readonly ServiceNetwork[]> = {
  ...byType<readonly ServiceNetwork[]>({
    list: readAs(listOf(objectName, composeLimits.networks + 1), (names) =>
      [...new Set(names)].map((name) => ({ name, aliases: [] })),
    ),
    map: readAs(mapOf(objectName, aliases, composeLimits.networks + 1), (map) =>
      [...map].map(([name, readAliases]) => ({ name, aliases: readAliases })),
    ),
  }),
  says: 'a list of networks, or a map of networks and aliases',
};

const shared = (refused: string, reason: string): Refused => ({
  verdict: 'refused',
  reason,
  hint: 'Leave it out; the network is the own one of the session.',
  examples: { accepted: 'internal: true', refused },
});
const reaches = 'it leads to other networks';
const chooses = 'networks are made by the platform';

const networkRules = {
  internal: {
    verdict: 'allowed',
    form: oneOf([true]),
    hint: 'Leave it out: every network is internal.',
    examples: { accepted: 'internal: true', refused: 'internal: false' },
  },
  driver: shared('driver: macvlan', reaches),
  driver_opts: shared('driver_opts: { parent: eth0 }', reaches),
  external: shared('external: true', reaches),
  name: shared('name: other', reaches),
  attachable: shared('attachable: true', chooses),
  ipam: shared('ipam: { driver: default }', chooses),
  enable_ipv4: shared('enable_ipv4: false', chooses),
  enable_ipv6: shared('enable_ipv6: true', chooses),
} as const;

export const networkTable = {
  id: 'compose.network',
  title: 'a network',
  rules: networkRules,
  required: [],
  wrap: (example) => inFile(`networks:\n  front:\n${indented(example, 4)}`),
} as const satisfies RuleTable;

const foreign = (refused: string): Refused => ({
  verdict: 'refused',
  reason: 'it may reach files of the host, or volumes of others',
  hint: 'Write nothing behind the name of the volume.',
  examples: { accepted: 'x-role: cache', refused },
});

const volumeRules = {
  driver: foreign('driver: local'),
  driver_opts: foreign('driver_opts: { type: none, o: bind, device: / }'),
  external: foreign('external: true'),
  name: foreign('name: other'),
} as const;

export const volumeTable = {
  id: 'compose.volume',
  title: 'a named volume',
  rules: volumeRules,
  required: [],
  wrap: (example) => inFile(`volumes:\n  cache:\n${indented(example, 4)}`),
} as const satisfies RuleTable;

/** Names of networks and volumes, with nothing but what is allowed behind them. */
export const networks = declared(networkTable, composeLimits.networks);
export const volumes = declared(volumeTable, composeLimits.volumes);

function declared(table: RuleTable, most: number): Form<readonly string[]> {
  const body = byType<unknown>({ nothing: empty, map: keysOf(table) });
  const says = `a map of at most ${most} names with nothing behind them`;
  return { ...readAs(mapOf(objectName, body, most), (map) => [...map.keys()]), says };
}
