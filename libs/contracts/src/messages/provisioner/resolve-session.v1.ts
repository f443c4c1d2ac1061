import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant, exampleSessionId } from '../../examples.js';
import {
  instantSchema,
  limitsSchema,
  sessionIdSchema,
  sessionStateSchema,
  targetKindSchema,
} from '../../vocabulary.js';

/**
 * Sent by the services that act on or look at a session. It answers for every actor: the asking service applies `mayAct`.
 * The answer may be kept for two seconds and is dropped on any fact about the session.
 */
export const resolveSession = defineRpc({
  service: 'provisioner',
  verb: 'session.resolve',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: z.object({
    sessionId: sessionIdSchema,
    ownerId: z.string(),
    workshopId: z.string(),
    workshopRevision: z.number().int().positive(),
    state: sessionStateSchema,
    expired: z.boolean(),
    target: z.string(),
    targetKind: targetKindSchema,
    generation: z.number().int().positive(),
    expiresAt: instantSchema,
    limits: limitsSchema,
  }),
  example: {
    request: { sessionId: exampleSessionId },
    reply: {
      sessionId: exampleSessionId,
      ownerId: 'alice',
      workshopId: 'linux-basics',
      workshopRevision: 1,
      state: 'READY',
      expired: false,
      target: 'local-docker',
      targetKind: 'docker',
      generation: 1,
      expiresAt: exampleInstant,
      limits: { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 10 * 2 ** 30 },
    },
  },
});
