import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const frameworks = ['@nestjs/*', 'typeorm', 'pg', '@nats-io/*', 'rxjs', 'fastify', 'nestjs-pino', 'pino'];
const docker = ['dockerode', 'docker-modem'];
const sockets = ['ws'];
const kubernetes = ['@kubernetes/client-node', '@peculiar/x509'];
const telemetry = ['@opentelemetry/*'];

/** Direction: kernel ← contracts ← session ← port ← providers; infra beside them; apps on top; nobody imports an app. */
const depConstraints = [
  {
    sourceTag: 'layer:kernel',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: [...frameworks, ...docker, ...kubernetes, ...sockets, ...telemetry, 'zod'],
  },
  {
    sourceTag: 'layer:contracts',
    onlyDependOnLibsWithTags: ['layer:kernel'],
    bannedExternalImports: [...frameworks, ...docker, ...kubernetes, ...sockets, ...telemetry],
  },
  {
    sourceTag: 'layer:domain',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts'],
    bannedExternalImports: [...frameworks, ...docker, ...kubernetes, ...sockets, ...telemetry],
  },
  {
    sourceTag: 'layer:port',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts', 'layer:domain', 'layer:testing'],
    bannedExternalImports: [...frameworks, ...docker, ...kubernetes, ...sockets, ...telemetry],
  },
  {
    sourceTag: 'layer:provider',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts', 'layer:domain', 'layer:port', 'layer:testing'],
    bannedExternalImports: [...frameworks, ...telemetry],
  },
  { sourceTag: 'sdk:docker', bannedExternalImports: [...kubernetes, ...sockets] },
  { sourceTag: 'sdk:kubernetes', bannedExternalImports: docker },
  {
    sourceTag: 'layer:infra',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts', 'layer:infra', 'layer:testing', 'layer:tools'],
    bannedExternalImports: [...docker, ...kubernetes, ...sockets],
  },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts', 'layer:tools'] },
  {
    sourceTag: 'layer:tools',
    onlyDependOnLibsWithTags: ['layer:kernel', 'layer:contracts', 'layer:domain', 'layer:infra', 'layer:tools'],
    bannedExternalImports: [...docker, ...kubernetes, ...sockets],
  },
  {
    sourceTag: 'layer:e2e',
    onlyDependOnLibsWithTags: [
      'layer:kernel',
      'layer:contracts',
      'layer:domain',
      'layer:port',
      'layer:provider',
      'layer:infra',
      'layer:testing',
      'layer:tools',
    ],
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: [
      'layer:kernel',
      'layer:contracts',
      'layer:domain',
      'layer:port',
      'layer:provider',
      'layer:infra',
      'layer:testing',
    ],
    bannedExternalImports: [...docker, ...kubernetes],
  },
  { sourceTag: 'hosts:none', notDependOnLibsWithTags: ['layer:port', 'layer:provider'] },
];

const currentTime = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Take a Clock.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take a Clock.' },
];
const wildcardExport = { selector: 'ExportAllDeclaration', message: 'Name what is public.' };
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.nalabo/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: true, allow: [], depConstraints }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      complexity: ['error', 10],
      'max-lines': ['error', { max: 250, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true }],
      'max-params': ['error', 6],
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', ...currentTime, wildcardExport, defaultExport],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read once, in the service host.' },
      ],
    },
  },
  {
    files: ['libs/service-host/src/env.ts', 'tools/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/kernel/src/clock.ts', 'tools/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', wildcardExport, defaultExport] },
  },
  { files: ['tools/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // Only the composition root of an app names a concrete provider; everything else takes the port.
    files: ['apps/*/src/**/*.ts'],
    ignores: ['apps/*/src/targets.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^@nalabo/infrastructure-(?!port)', message: 'Only targets.ts names a provider.' }] },
      ],
    },
  },
  { files: ['**/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', '**/*.cases.ts'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', wildcardExport],
    },
  },
);
