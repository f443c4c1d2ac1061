import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { mustRun } from '../machine/run-program.js';

/** Where the scripts of a rig lie when a machine has one: beside the checkout. */
const SCRIPTS = join(import.meta.dirname, '../../../../../shared/rig');

/** A cluster of one node that runs on this machine from source, without a registry. */
export interface Rig {
  /** The folder of its scripts. */
  readonly scripts: string;
  /** Its binaries, charts and images. */
  readonly home: string;
  /** The socket of its container runtime. */
  readonly containerd: string;
}

/** What an image says about how it is run. */
export interface ImageConfig {
  readonly user: string;
  readonly workdir: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** The rig of this machine when the kubeconfig is its own; undefined for any other cluster. */
export async function findRig(kubeconfig: string): Promise<Rig | undefined> {
  const home = process.env['RIG_HOME'] || '/var/lib/rig';
  if (resolve(kubeconfig) !== join(home, 'admin.kubeconfig') || !(await exists(join(SCRIPTS, 'image')))) {
    return undefined;
  }
  const containerd = join(process.env['RIG_RUN'] || '/run/rig', 'containerd/containerd.sock');
  return { scripts: SCRIPTS, home, containerd };
}

export async function rigHasImage(rig: Rig, reference: string): Promise<boolean> {
  const listed = await runtime(rig, ['images', 'list', '--quiet', `name==${canonicalName(reference)}`]);
  return listed.trim() !== '';
}

/** Gives the rig an image of one layer, made from the tar of a file tree. */
export async function loadOnRig(rig: Rig, reference: string, tar: string, config: ImageConfig): Promise<void> {
  const { user, workdir, env: variables, entrypoint, command } = config;
  const lists = { env: list(variables), entrypoint: list(entrypoint), command: list(command) };
  const args = Object.entries({ user, workdir, ...lists }).flatMap(([name, value]) => [`--${name}`, value]);
  // The engine of this machine has the image already, under a name of its own.
  const env = { ...process.env, RIG_HOME: rig.home, RIG_DOCKER: 'no' };
  await mustRun(join(rig.scripts, 'image'), [reference, tar, ...args], { env });
}

/** A further name for an image that the rig has; whatever had that name loses it. */
export async function tagOnRig(rig: Rig, reference: string, tag: string): Promise<void> {
  await runtime(rig, ['images', 'tag', '--force', canonicalName(reference), canonicalName(tag)]);
}

/** The name under which a node keeps an image of Docker Hub: `nginx:alpine` is `docker.io/library/nginx:alpine`. */
export function canonicalName(reference: string): string {
  return reference.includes('/') ? `docker.io/${reference}` : `docker.io/library/${reference}`;
}

function runtime(rig: Rig, args: string[]): Promise<string> {
  return mustRun('ctr', ['--address', rig.containerd, '--namespace', 'k8s.io', ...args]);
}

function list(values: readonly string[]): string {
  return JSON.stringify(values);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
