import type { ExecTransport } from '../command/exec-stream.js';
import { Lane } from './lane.js';

/** Null whenever there is no lane to be had: what then goes by an exec of its own meets the reason and tells it. */
export async function openLane(transport: ExecTransport): Promise<Lane | null> {
  try {
    return await Lane.open(transport);
  } catch {
    return null;
  }
}
