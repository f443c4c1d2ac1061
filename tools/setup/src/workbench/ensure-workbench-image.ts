import type { InstallPackages } from '../machine/install-packages.js';
import type { Report } from '../machine/report.js';
import { SetupError } from '../machine/setup-error.js';
import { imageId, mustHaveImage, pullImage, type RegistryLogin, tagImage } from './engine-images.js';
import { ensurePackagedImage } from './ensure-packaged-image.js';

/** A name that does not change with the content, for work by hand. */
const CURRENT = 'nalabo/workbench:dev';

export interface WorkbenchOptions {
  dockerHost: string;
  report: Report;
  /** Default: by apt, as the command line and the terminal of this process say. */
  install?: InstallPackages;
}

export interface WorkbenchImage {
  reference: string;
  id: string;
}

/**
 * The image of the workbench: the one of NALABO_WORKBENCH_IMAGE when that can be had, else one named by the hash of its
 * description, built when the engine does not have it yet. Throws `SetupError` when neither is possible.
 */
export async function ensureWorkbenchImage(options: WorkbenchOptions): Promise<WorkbenchImage> {
  const wanted = process.env['NALABO_WORKBENCH_IMAGE'];
  const fetched = wanted ? await fetchImage(wanted, options) : undefined;
  return fetched ?? (await ownImage(options));
}

async function fetchImage(
  reference: string,
  { dockerHost, report }: WorkbenchOptions,
): Promise<WorkbenchImage | undefined> {
  const present = await imageId(dockerHost, reference);
  if (present !== undefined) return { reference, id: present };
  report(`Pulling ${reference}.`);
  try {
    await pullImage(dockerHost, reference, registryLogin(reference));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(`${reference} cannot be pulled (${error.message}); using an image built here.`);
    return undefined;
  }
  return { reference, id: await mustHaveImage(dockerHost, reference) };
}

async function ownImage(options: WorkbenchOptions): Promise<WorkbenchImage> {
  const image = await ensurePackagedImage('workbench', options);
  await tagImage(options.dockerHost, image.id, CURRENT);
  return image;
}

function registryLogin(reference: string): RegistryLogin | undefined {
  const { DOCKER_USERNAME: username, DOCKER_PASSWORD: password } = process.env;
  if (!username || !password) return undefined;
  return { username, password, serveraddress: registryOf(reference) };
}

/** The first part of a reference is a registry only when it looks like a host. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'https://index.docker.io/v1/';
}
