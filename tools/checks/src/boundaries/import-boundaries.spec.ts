import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../repository-root.js';

const boundaryRules = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];

/** The committed rules; only those about imports, so that no type information has to be computed. */
const eslint = new ESLint({
  cwd: repositoryRoot,
  ruleFilter: ({ ruleId }) => boundaryRules.includes(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { project: false } } },
});

/** What lint says when the file imports the module; nothing when it may. */
async function faultsOf(path: string, module: string): Promise<string[]> {
  const filePath = join(repositoryRoot, path);
  expect(existsSync(filePath), `${path} exists`).toBe(true);
  const results = await eslint.lintText(`import { anything } from '${module}';\nanything();\n`, { filePath });
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

describe('import boundaries', () => {
  // Without a cached project graph the rule checks nothing and says nothing.
  beforeAll(async () => {
    await promisify(execFile)(join(repositoryRoot, 'node_modules/.bin/nx'), ['show', 'projects'], {
      cwd: repositoryRoot,
      env: { ...process.env, NX_DAEMON: 'false' },
    });
  }, 60_000);

  const layer = 'can only depend on';
  const hosting = 'can not depend on libs tagged with';
  const framework = 'is not allowed to import';

  it.each([
    ['apps/gateway/src/main.ts', '@nalabo/infrastructure-docker', 'Only targets.ts names a provider'],
    ['apps/gateway/src/main.ts', '@nalabo/infrastructure-port', hosting],
    ['apps/cleanup/src/main.ts', '@nalabo/infrastructure-port', hosting],
    ['apps/executor/src/main.ts', '@nalabo/infrastructure-docker', 'Only targets.ts names a provider'],
    ['apps/executor/src/main.ts', '@nalabo/cleanup/src/main.js', 'Imports of apps are forbidden'],
    ['apps/executor/src/main.ts', 'dockerode', framework],
    ['libs/kernel/src/retry.ts', '@nestjs/common', framework],
    ['libs/infrastructure/docker/src/index.ts', '@nestjs/common', framework],
    ['libs/session/src/decide.ts', '@nalabo/infrastructure-port', 'Circular dependency'],
    ['libs/session/src/decide.ts', '@nalabo/persistence', layer],
    ['libs/session/src/decide.ts', '../../kernel/src/index.js', 'cannot be imported by a relative or absolute path'],
  ])(
    '%s must not import %s',
    async (path, module, fault) => {
      expect(await faultsOf(path, module)).toContainEqual(expect.stringContaining(fault));
    },
    60_000,
  );

  it.each([
    ['apps/executor/src/targets.ts', '@nalabo/infrastructure-docker'],
    ['apps/gateway/src/main.ts', '@nalabo/session'],
    ['libs/session/src/decide.ts', '@nalabo/kernel'],
  ])(
    '%s may import %s',
    async (path, module) => {
      expect(await faultsOf(path, module)).toEqual([]);
    },
    60_000,
  );
});
