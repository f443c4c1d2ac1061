import { describe, expect, it } from 'vitest';
import { installPolicy, packageInstaller } from './install-packages.js';

describe('whether system packages are installed', () => {
  it.each([
    [['--no-install', '--yes'], true, 'never'],
    [['--no-install'], false, 'never'],
    [['--yes'], true, 'always'],
    [[], false, 'always'],
    [[], true, 'ask'],
  ] as const)('%j with a terminal %s means %s', (args, hasTerminal, policy) => {
    expect(installPolicy(args, hasTerminal)).toBe(policy);
  });

  it('is answered by the name of what is missing when nothing may be installed', async () => {
    const install = packageInstaller({ policy: 'never', report: () => undefined });
    await expect(install({ names: ['docker.io'], why: 'run sessions' })).rejects.toThrow(
      'missing: docker.io (needed to run sessions); install with: apt-get install --no-install-recommends docker.io',
    );
  });

  it.runIf(process.getuid?.() === 0)('is asked before anything happens', async () => {
    const questions: string[] = [];
    const confirm = (question: string): Promise<boolean> => {
      questions.push(question);
      return Promise.resolve(false);
    };
    const install = packageInstaller({ policy: 'ask', confirm, report: () => undefined });
    await expect(install({ names: ['docker.io'], why: 'run sessions' })).rejects.toThrow(/^missing: docker\.io/);
    expect(questions).toEqual(['Install docker.io to run sessions?']);
  });
});
