import { z } from 'zod';
import { defineRpc } from '../../define.js';
import { exampleInstant } from '../../examples.js';
import { targetViewSchema } from '../../views.js';

/**
 * Sent by the gateway: the configured targets with their capabilities and load. Health is the monitor's to tell.
 */
export const listTargets = defineRpc({
  service: 'provisioner',
  verb: 'target.list',
  version: 1,
  request: z.object({}),
  reply: z.object({ items: z.array(targetViewSchema) }),
  example: {
    request: {},
    reply: {
      items: [
        {
          name: 'local-docker',
          type: 'docker',
          capabilities: {
            exec: { available: true, reason: null },
            apply: { available: false, reason: 'not offered by this version' },
            builds: { available: false, reason: 'it is switched off' },
            terminal: { available: false, reason: 'not offered by this version' },
            usage: { available: true, reason: null },
            storageQuota: { available: false, reason: 'the volume driver has no quota support' },
            processLimit: { available: true, reason: null },
            selfEnding: { available: true, reason: null },
            kubeconfig: { available: false, reason: 'a container session has no cluster' },
          },
          liveSessions: 3,
          provisioning: { running: 1, limit: 4, queued: 0 },
          preflight: {
            at: exampleInstant,
            findings: [{ name: 'engine version', status: 'ok', detail: '20.10.24, spoken to as API 1.41' }],
          },
        },
      ],
    },
  },
});
