import { AppError } from '@nalabo/kernel';
import type { CommandEnd } from '../exec.js';
import type { Killer } from './killer.js';
import type { RunningCommand } from './running-command.js';
import { settledWithin } from './settled-within.js';

/** How long a command may take to end by itself after SIGTERM. */
export const graceMs = 2000;
/**
 * How long the consumer may still take output after the abort. A Docker engine holds back the end of every exec of a
 * container while the output of one that has ended is not taken.
 */
export const takeDeadlineMs = 1000;
/** How long the start notice of a command that has just been started may take. */
const noticeDeadlineMs = 2000;
const noticeIntervalMs = 20;
/** How long the output may take to end after everything has been killed. */
const drainDeadlineMs = 2000;

/**
 * Ends one command and everything it started. No infrastructure has a call for that, so it is done from inside, with
 * builtins of the shell and as the command's own user.
 * @param pumped Settles when the output has ended.
 */
export async function killCommand(
  killer: Killer,
  executionId: string,
  running: RunningCommand,
  pumped: Promise<unknown>,
): Promise<CommandEnd> {
  const timer = setTimeout(() => running.silence(), takeDeadlineMs);
  try {
    const group = await processGroupOf(running, pumped);
    if (group !== '') {
      await killer.terminate(group);
      await settledWithin(pumped, graceMs);
    }
    await killer.kill({ groups: group, mark: executionId, shell: '' });
    await settledWithin(pumped, drainDeadlineMs);
    return { kind: 'killed' };
  } catch (error) {
    if (error instanceof AppError) return { kind: 'lost', detail: `it could not be killed: ${error.publicMessage}` };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Empty when the command ended, or did not tell, in time. */
async function processGroupOf(running: RunningCommand, pumped: Promise<unknown>): Promise<string> {
  const deadline = performance.now() + noticeDeadlineMs;
  while (running.notice.processGroup === null && performance.now() < deadline) {
    if (await settledWithin(pumped, noticeIntervalMs)) break;
  }
  return String(running.notice.processGroup ?? '');
}
