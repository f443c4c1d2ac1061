import { findEngine } from '@nalabo/setup';

export const workbenchImage = 'nalabo/workbench:dev';

/** The socket of the engine that integration tests use, or why they cannot run. */
export async function findTestEngine(): Promise<{ readonly socketPath: string } | { readonly missing: string }> {
  const dockerHost = await findEngine();
  if (dockerHost === undefined) return { missing: 'no Docker engine answers' };
  if (!dockerHost.startsWith('unix://'))
    return { missing: `the tests need an engine on this machine, not ${dockerHost}` };
  return { socketPath: dockerHost.slice('unix://'.length) };
}
