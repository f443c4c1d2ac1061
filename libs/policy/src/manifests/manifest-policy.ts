import type { RuleTable } from '../rules/rule-table.js';
import type { RuleGroup } from '../rules/value-rule.js';
import { kindRule, namespaceCrossRules, versionRule } from './namespace/cross-rules.js';
import { namespaceTables } from './namespace/namespace-tables.js';
import { virtualRules } from './virtual/find-breaches.js';

const wrap = (example: string): string => example;

/** Every rule about manifests, as they are tested and documented. */
export const manifestPolicy = {
  namespace: {
    tables: namespaceTables,
    groups: [
      {
        title: 'an object of a session in a namespace',
        rules: [kindRule, versionRule, ...namespaceCrossRules],
        wrap,
      },
    ],
  },
  virtual: {
    tables: [],
    groups: [{ title: 'an object in a virtual cluster, in which all else is allowed', rules: virtualRules, wrap }],
  },
} as const satisfies Readonly<
  Record<string, { readonly tables: readonly RuleTable[]; readonly groups: readonly RuleGroup[] }>
>;
