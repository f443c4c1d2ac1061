import { createInterface } from 'node:readline/promises';
import type { Report } from './report.js';
import { lastLine, runProgram } from './run-program.js';
import { SetupError } from './setup-error.js';

/** `ask` at the terminal, `always` without a question, `never`: name what is missing and stop. */
export type InstallPolicy = 'ask' | 'always' | 'never';

export interface MissingPackages {
  names: string[];
  /** Completes the sentence "needed to …". */
  why: string;
}

/** Installs system packages or throws a `SetupError` of one line. */
export type InstallPackages = (missing: MissingPackages) => Promise<void>;

export interface InstallationChoices {
  report: Report;
  /** Default: what the command line and the terminal of this process say. */
  policy?: InstallPolicy;
  /** Default: a question at the terminal. */
  confirm?: (question: string) => Promise<boolean>;
}

/** `--no-install` wins over `--yes`; without a terminal nobody could answer, so that means yes. */
export function installPolicy(args: readonly string[], hasTerminal: boolean): InstallPolicy {
  if (args.includes('--no-install')) return 'never';
  return args.includes('--yes') || !hasTerminal ? 'always' : 'ask';
}

/** The way this process installs Debian packages. */
export function packageInstaller(choices: InstallationChoices): InstallPackages {
  const policy = choices.policy ?? installPolicy(process.argv.slice(2), process.stdin.isTTY === true);
  const confirm = choices.confirm ?? askAtTerminal;
  return async ({ names, why }) => {
    const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
    const refusal = `missing: ${names.join(', ')} (needed to ${why}); install with: ${command}`;
    if (policy === 'never') throw new SetupError(refusal);
    if (process.getuid?.() !== 0) throw new SetupError(`${refusal} (as root: this user may not install packages)`);
    if (policy === 'ask' && !(await confirm(`Install ${names.join(', ')} to ${why}?`))) throw new SetupError(refusal);
    choices.report(`Installing ${names.join(', ')} to ${why}.`);
    await aptGet(['update', '-q']);
    await aptGet(['install', '-yq', '--no-install-recommends', ...names]);
  };
}

async function aptGet(args: string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another installation may be under way.
  const patience = ['-o', 'DPkg::Lock::Timeout=120'];
  const { exitCode, stderr } = await runProgram('apt-get', [...patience, ...args], { env });
  if (exitCode !== 0) throw new SetupError(`apt-get ${args.join(' ')} failed: ${lastLine(stderr)}`);
}

async function askAtTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [Y/n] `);
  terminal.close();
  return /^(y(es)?)?$/i.test(answer.trim());
}
