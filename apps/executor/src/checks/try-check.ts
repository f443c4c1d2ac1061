import { setTimeout as delay } from 'node:timers/promises';
import type { CheckDefinition } from '@nalabo/contracts';
import type { CommandRun } from '@nalabo/infrastructure-port';
import { newExecutionId } from '@nalabo/kernel';
import type { SessionShell } from '../shells/session-shells.js';
import type { CheckEnd } from './check-view.js';
import { isWorthAnotherTry, judgeTry } from './judge-try.js';
import { matchOutput } from './match-output.js';
import { runScript } from './run-script.js';

/** Of a trusted check: nothing that the learner could have chosen. */
const trustedEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export interface TryOptions {
  /** Aborted when the process must end and a script can't be waited for any longer. */
  readonly shutdown: AbortSignal;
  /** Told, for operators, why nobody can say how a script ended, or why it did not start. */
  readonly onLost: (detail: string) => void;
}

/** Tries until the check passes, its tries are used up, or nobody can say how one ended. It always resolves. */
export async function tryCheck(check: CheckDefinition, shell: SessionShell, options: TryOptions): Promise<CheckEnd> {
  const begunAt = performance.now();
  const timeoutMs = check.timeoutSeconds * 1000;
  for (let tries = 1; ; tries += 1) {
    const { shutdown } = options;
    const result = await runScript(shell, commandOf(check), { timeoutMs, shutdown });
    if (result.detail !== null) options.onLost(result.detail);
    const outcome = judgeTry(result, check.expect, matchOutput);
    const isLast = !isWorthAnotherTry(outcome) || tries > check.retries.count;
    if (isLast || !(await paused(check.retries.intervalSeconds * 1000, shutdown))) {
      const durationMs = Math.round(performance.now() - begunAt);
      return { outcome, exitCode: result.exitCode, tries, durationMs };
    }
  }
}

function commandOf({ script, trusted }: CheckDefinition): CommandRun {
  return {
    executionId: newExecutionId(),
    program: { script },
    workingDirectory: trusted ? '/' : '/workspace',
    environment: trusted ? trustedEnvironment : {},
    stdin: null,
  };
}

/** False when the pause was ended by the signal. */
async function paused(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, true, { signal }).catch(() => false);
}
