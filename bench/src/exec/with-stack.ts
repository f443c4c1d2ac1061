import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@nalabo/setup';
import { ApiClient, type RunningStack, startStack } from '@nalabo/start';

/** Runs the work on a stack of its own, whose limits for one client are out of the way, and leaves nothing. */
export async function withStack(
  settings: Readonly<Record<string, string>>,
  work: (stack: RunningStack) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nalabo-bench-'));
  let stack: RunningStack | undefined;
  try {
    stack = await startStack({
      directory: folder,
      instance: `bench-${randomBytes(4).toString('hex')}`,
      port: await freePort(),
      ephemeral: true,
      kubernetes: false,
      settings: { NALABO_REQUESTS_PER_SECOND: '100000', NALABO_REQUEST_BURST: '100000', ...settings },
      report: console.log,
    });
    await work(stack);
  } finally {
    if (stack) await endAllSessions(new ApiClient(stack));
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function endAllSessions(api: ApiClient): Promise<void> {
  const live = async () => (await api.sessions()).filter(({ state }) => state !== 'TERMINATED' && state !== 'FAILED');
  for (const { id } of await live()) await api.endSession(id);
  while ((await live()).length > 0) await pause(100);
}
