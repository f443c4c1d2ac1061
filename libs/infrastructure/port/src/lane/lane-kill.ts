import { graceMs } from '../command/command-kill.js';
import { killScript, terminateChildrenScript } from '../command/kill-scripts.js';
import type { Scripts } from '../command/script-runner.js';
import { settledWithin } from '../command/settled-within.js';
import type { Lane } from './lane.js';

/** How long the lane may take to notice that its command has been killed. */
const noticeDeadlineMs = 1000;

/**
 * Ends what a lane runs, and not the lane. Nothing else may be sent into it meanwhile.
 * @param answered Settles when the lane is done with the command.
 */
export async function killInLane(
  scripts: Scripts,
  lane: Lane,
  executionId: string,
  answered: Promise<unknown>,
): Promise<void> {
  const { output } = await scripts.run(terminateChildrenScript, [lane.processId]);
  await settledWithin(answered, graceMs);
  await scripts.run(killScript, [output.trim(), executionId, lane.processId]);
  await settledWithin(answered, noticeDeadlineMs);
}
