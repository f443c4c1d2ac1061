import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleSessionId } from '../../examples.js';
import { sessionIdSchema } from '../../vocabulary.js';

/**
 * Sent by the gateway: what the learner's own kubectl needs to reach the session's cluster. The reply is a secret and is
 * neither kept nor logged. `unprocessable` when the session is no cluster, `conflict` when no address leads to it.
 */
export const getKubeconfig = defineRpc({
  service: 'executor',
  verb: 'kubeconfig.get',
  version: 1,
  request: z.object({ sessionId: sessionIdSchema }),
  reply: z.object({ kubeconfig: z.string() }),
  example: {
    request: { sessionId: exampleSessionId },
    reply: { kubeconfig: 'apiVersion: v1\nkind: Config\n' },
  },
});
