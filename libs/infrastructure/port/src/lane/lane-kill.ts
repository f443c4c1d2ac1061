import { graceMs } from '../command/command-kill.js';
import type { Killer } from '../command/killer.js';
import { settledWithin } from '../command/settled-within.js';
import type { Lane } from './lane.js';

/** How long the lane may take to notice that its command has been killed. */
const noticeDeadlineMs = 1000;

/**
 * Ends what a lane runs, and not the lane. Nothing else may be sent into it meanwhile.
 * @param answered Settles when the lane is done with the command.
 */
export async function killInLane(
  killer: Killer,
  lane: Lane,
  executionId: string,
  answered: Promise<unknown>,
): Promise<void> {
  const groups = await killer.terminateChildren(lane.processId);
  await settledWithin(answered, graceMs);
  await killer.kill({ groups, mark: executionId, shell: lane.processId });
  await settledWithin(answered, noticeDeadlineMs);
}
