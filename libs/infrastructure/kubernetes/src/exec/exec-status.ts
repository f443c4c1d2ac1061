import type { ExecEnd } from '@nalabo/infrastructure-port';
import { z } from 'zod';

const statusSchema = z.object({
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ causes: z.array(z.object({ reason: z.string(), message: z.string() })).optional() }).optional(),
});

/** What the last frame of an exec, a `Status` of the API, says about how the program ended. */
export function toExecEnd(payload: Uint8Array): ExecEnd {
  const status = parse(payload);
  if (status?.status === 'Success') return { kind: 'exited', exitCode: 0 };
  const cause = status?.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (status?.reason === 'NonZeroExitCode' && cause && /^\d+$/.test(cause.message)) {
    return { kind: 'exited', exitCode: Number(cause.message) };
  }
  // The text names containers, addresses and programs of the node: it is for operators, and `detail` is for clients.
  return { kind: 'lost', detail: 'the cluster could not run it in the workbench' };
}

function parse(payload: Uint8Array): z.infer<typeof statusSchema> | undefined {
  try {
    return statusSchema.safeParse(JSON.parse(new TextDecoder().decode(payload))).data;
  } catch {
    return undefined;
  }
}
