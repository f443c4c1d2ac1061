import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleLogReaderId } from '../../examples.js';

/**
 * Sent by the gateway to the instance that reads a log, regularly and when its client has taken much: the reader is still
 * there, and has everything before `taken`. `not_found` when nothing is read for it any more.
 */
export const keepLog = defineRpc({
  service: 'executor',
  verb: 'log.keep',
  version: 1,
  request: z.object({ readerId: z.uuid(), taken: z.number().int().nonnegative() }),
  reply: z.object({}),
  example: { request: { readerId: exampleLogReaderId, taken: 65_536 }, reply: {} },
});
