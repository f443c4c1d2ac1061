import { byType, type Form, oneOf, readAs, wholeNumber } from '../rules/form.js';
import { keysOf, type RuleTable } from '../rules/rule-table.js';
import { composeLimits } from './compose-limits.js';
import type { Ulimit } from './compose-model.js';
import { bytes, processors } from './quantities.js';
import { inServiceUnder } from './wrap-examples.js';

const { least, openFiles, fileBytes } = composeLimits;

/** The upper bounds only keep the numbers exact: what there is to share stands in the context. */
export const cpuMillis = processors(least.cpuMillis, 1_000_000);
export const memoryBytes = bytes(least.memoryBytes, 2 ** 50);
export const processes = wholeNumber(least.processes, 1_000_000);

const limitRules = {
  cpus: {
    verdict: 'allowed',
    form: cpuMillis,
    hint: "Write less than the session's share, for example 0.5.",
    examples: { accepted: 'cpus: "0.25"', refused: 'cpus: -1' },
  },
  memory: {
    verdict: 'allowed',
    form: memoryBytes,
    hint: "Write less than the session's share, for example 64m.",
    examples: { accepted: 'memory: 64M', refused: 'memory: much' },
  },
  pids: {
    verdict: 'allowed',
    form: processes,
    hint: "Write less than the session's share, for example 32.",
    examples: { accepted: 'pids: 32', refused: 'pids: 0' },
  },
} as const;

export const limitTable = {
  id: 'compose.limits',
  title: 'the limits of a service',
  rules: limitRules,
  required: [],
  wrap: (example) => inServiceUnder('deploy', 'resources:\n  limits:\n')(`    ${example}`),
} as const satisfies RuleTable;

const resourceRules = {
  limits: {
    verdict: 'allowed',
    form: keysOf(limitTable),
    hint: 'Write cpus, memory or pids.',
    examples: { accepted: 'limits: { memory: 64m }', refused: 'limits: none' },
  },
  reservations: {
    verdict: 'refused',
    reason: 'what a session has is reserved for it already',
    hint: 'Write limits instead.',
    examples: { accepted: 'limits: { cpus: 0.1 }', refused: 'reservations: { devices: [] }' },
  },
} as const;

export const resourceTable = {
  id: 'compose.resources',
  title: 'the resources of a service',
  rules: resourceRules,
  required: [],
  wrap: (example) => inServiceUnder('deploy', 'resources:\n')(`  ${example}`),
} as const satisfies RuleTable;

const deployRules = {
  resources: {
    verdict: 'allowed',
    form: keysOf(resourceTable),
    hint: 'Write limits under it.',
    examples: { accepted: 'resources: { limits: { pids: 16 } }', refused: 'resources: small' },
  },
  replicas: {
    verdict: 'refused',
    reason: 'a service runs once',
    hint: 'Write a second service.',
    examples: { accepted: 'resources: {}', refused: 'replicas: 1000' },
  },
} as const;

export const deployTable = {
  id: 'compose.deploy',
  title: 'what a service is deployed with',
  rules: deployRules,
  required: [],
  wrap: inServiceUnder('deploy'),
} as const satisfies RuleTable;

const ulimitRules = {
  nofile: {
    verdict: 'allowed',
    form: ulimit(openFiles),
    hint: `Write ${openFiles} or less.`,
    examples: { accepted: 'nofile: { soft: 512, hard: 1024 }', refused: 'nofile: 1048576' },
  },
  core: {
    verdict: 'allowed',
    form: readAs(oneOf([0]), (): Ulimit => ({ soft: 0, hard: 0 })),
    hint: 'Leave it out: no core is written.',
    examples: { accepted: 'core: 0', refused: 'core: -1' },
  },
  fsize: {
    verdict: 'allowed',
    form: ulimit(fileBytes),
    hint: `Write ${fileBytes} or less.`,
    examples: { accepted: 'fsize: 1048576', refused: 'fsize: { soft: 2, hard: 1 }' },
  },
  nproc: {
    verdict: 'refused',
    reason: 'it counts the processes of one user on the whole host',
    hint: 'Write pids_limit instead.',
    examples: { accepted: 'nofile: 64', refused: 'nproc: 10' },
  },
} as const;

export const ulimitTable = {
  id: 'compose.ulimits',
  title: 'the limits of the processes of a service',
  rules: ulimitRules,
  required: [],
  wrap: inServiceUnder('ulimits'),
} as const satisfies RuleTable;

function ulimit(most: number): Form<Ulimit> {
  const says = `a number up to ${most}, or { soft, hard }`;
  const one = wholeNumber(1, most);
  const pair: Form<Ulimit> = {
    says,
    read(value, scope) {
      const { soft, hard, ...others } = value as Readonly<Record<string, unknown>>;
      const [readSoft, readHard] = [one.read(soft, scope.at('soft')), one.read(hard, scope.at('hard'))];
      if (readSoft === undefined || readHard === undefined) return undefined;
      const isRight = Object.keys(others).length === 0 && readSoft <= readHard;
      return isRight ? { soft: readSoft, hard: readHard } : scope.refuse(`must be ${says}, soft not above hard`);
    },
  };
  return { ...byType({ number: readAs(one, (both): Ulimit => ({ soft: both, hard: both })), map: pair }), says };
}
