import { byType, type Form, listOf, mapOf, oneOf, readAs } from '../rules/form.js';
import { keysOf, type RuleTable } from '../rules/rule-table.js';
import { composeLimits } from './compose-limits.js';
import type { Dependency } from './compose-model.js';
import { objectName } from './names.js';
import { inServiceUnder } from './wrap-examples.js';

const conditions = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const;

const dependencyRules = {
  condition: {
    verdict: 'allowed',
    form: readAs(
      oneOf(['service_started', 'service_healthy', 'service_completed_successfully']),
      (one) => conditions[one],
    ),
    hint: 'Write service_started when nothing else matters.',
    examples: { accepted: 'condition: service_started', refused: 'condition: soon' },
  },
  restart: { verdict: 'ignored', note: 'Services are restarted by applying again.', accepted: 'restart: true' },
  required: { verdict: 'ignored', note: 'Every service is started.', accepted: 'required: false' },
} as const;

export const dependencyTable = {
  id: 'compose.dependency',
  title: 'what a service waits for',
  rules: dependencyRules,
  required: [],
  wrap: (example) => inServiceUnder('depends_on', 'other:\n')(`  ${example}`),
} as const satisfies RuleTable;

const named: Form<readonly Dependency[]> = readAs(
  listOf(
    readAs(objectName, (service): Dependency => ({ service, condition: 'started' })),
    composeLimits.services,
  ),
  (dependencies) => [...new Map(dependencies.map((one) => [one.service, one])).values()],
);

const conditional: Form<readonly Dependency[]> = readAs(
  mapOf(objectName, keysOf(dependencyTable), composeLimits.services),
  (map) => [...map].map(([service, { condition = 'started' }]): Dependency => ({ service, condition })),
);

export const dependsOn: Form<readonly Dependency[]> = {
  ...byType({ list: named, map: conditional }),
  says: 'a list of services, or a map of services and conditions',
};
