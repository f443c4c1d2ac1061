import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleLogReaderId } from '../../examples.js';

/** Sent by the gateway to the instance that reads a log when its client has left. Twice is success. */
export const closeLog = defineRpc({
  service: 'executor',
  verb: 'log.close',
  version: 1,
  request: z.object({ readerId: z.uuid() }),
  reply: z.object({}),
  example: { request: { readerId: exampleLogReaderId }, reply: {} },
});
