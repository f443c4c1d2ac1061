import { findEngine } from '@nalabo/setup';

/** The socket of the Docker engine that tests use, or why they cannot run. */
export type TestEngine = { readonly socketPath: string } | { readonly missing: string };

/** Looks for an engine and starts none: a test without one is skipped, by name and with this reason. */
export async function findTestEngine(): Promise<TestEngine> {
  const dockerHost = await findEngine();
  if (dockerHost === undefined) return { missing: 'no Docker engine answers' };
  if (!dockerHost.startsWith('unix://'))
    return { missing: `the tests need an engine on this machine, not ${dockerHost}` };
  return { socketPath: dockerHost.slice('unix://'.length) };
}
