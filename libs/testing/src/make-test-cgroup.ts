import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/** A control group on this machine, by its name for an engine, or why there is none. */
export type TestCgroup =
  { readonly parent: string; readonly remove: () => Promise<void> } | { readonly missing: string };

/** @param processes How many processes it allows; null for any number. */
export async function makeTestCgroup(processes: number | null): Promise<TestCgroup> {
  const name = `nalabo-test-${randomBytes(6).toString('hex')}`;
  const isUnified = existsSync(join(root, 'cgroup.controllers'));
  const folder = join(isUnified ? root : join(root, 'pids'), name);
  try {
    await mkdir(folder);
    await writeFile(join(folder, 'pids.max'), processes === null ? 'max' : String(processes));
  } catch (error) {
    return { missing: `no control group can be made: ${String(error)}` };
  }
  return { parent: `/${name}`, remove: () => removeEverywhere(name, isUnified) };
}

/** The engine has made the same group below every other controller. */
async function removeEverywhere(name: string, isUnified: boolean): Promise<void> {
  const controllers = isUnified ? [root] : (await readdir(root)).map((controller) => join(root, controller));
  for (const folder of new Set(controllers.map((controller) => join(controller, name)))) {
    if (existsSync(folder)) await rmdir(folder);
  }
}
