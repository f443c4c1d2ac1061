import { mapOf } from '../rules/form.js';
import { keysOf, type ReadTable, type Refused, type RuleTable } from '../rules/rule-table.js';
import { composeLimits } from './compose-limits.js';
import { objectName } from './names.js';
import { networks, volumes } from './network-rules.js';
import { serviceTable } from './service-rules.js';
import { inFile } from './wrap-examples.js';

const outside = (refused: string): Refused => ({
  verdict: 'refused',
  reason: 'it reads what stands outside of this file',
  hint: 'Write everything into this file.',
  examples: { accepted: 'name: shop', refused },
});

const fileRules = {
  version: { verdict: 'ignored', note: 'Compose has no versions any more.', accepted: "version: '3.8'" },
  name: { verdict: 'ignored', note: 'Names are given by the platform.', accepted: 'name: shop' },
  services: {
    verdict: 'allowed',
    form: mapOf(objectName, keysOf(serviceTable), composeLimits.services),
    hint: 'Name each service with small letters, digits, - and _.',
    examples: {
      accepted: 'services: { web: { image: nginx:alpine } }',
      refused: 'services: { ../web: { image: nginx:alpine } }',
    },
  },
  networks: {
    verdict: 'allowed',
    form: networks,
    hint: 'Write only names, or internal: true behind them.',
    examples: { accepted: 'networks: { front: }', refused: 'networks: [front]' },
  },
  volumes: {
    verdict: 'allowed',
    form: volumes,
    hint: 'Write only names.',
    examples: { accepted: 'volumes: { data: {} }', refused: 'volumes: { data: local }' },
  },
  include: outside('include: [oci://example.com/other]'),
  configs: outside('configs: { key: { file: ./key } }'),
  secrets: outside('secrets: { key: { environment: DATABASE_URL } }'),
  models: outside('models: { llm: { model: other } }'),
} as const;

export const fileTable = {
  id: 'compose.file',
  title: 'a Compose file',
  rules: fileRules,
  required: ['services'],
  wrap: inFile,
} as const satisfies RuleTable;

export type ReadFile = ReadTable<typeof fileRules>;
export type ReadService = ReadTable<(typeof serviceTable)['rules']>;
