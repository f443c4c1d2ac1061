import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { SetupError } from '../machine/setup-error.js';
import { findProgram } from '../machine/find-program.js';
import { ensureWorkbenchImage, type WorkbenchOptions } from '../workbench/ensure-workbench-image.js';
import { ensureKubernetesWorkbenchImage } from './ensure-kubernetes-workbench-image.js';
import { ensureStandInsOnRig } from './ensure-stand-ins-on-rig.js';
import { clusterName, kubernetesGaps, type KubernetesSettings, kubernetesSettings } from './kubernetes-settings.js';
import { findRig, type Rig } from './rig.js';

/**
 * The variables for whoever works on the Kubernetes target that this process's environment names; none when it names no
 * cluster. On a rig the images, the chart and helm are made ready; about any other cluster it is only told what is missing.
 * Throws `SetupError` when the kubeconfig cannot be read or an image cannot be made.
 */
export async function prepareKubernetes(options: WorkbenchOptions): Promise<KubernetesSettings> {
  const given = kubernetesSettings(process.env);
  if (given === undefined) return {};
  await requireReadable(given['KUBECONFIG']);
  options.report(
    `Sessions can run on the Kubernetes cluster of ${clusterName(given)}; its policies are tried out there.`,
  );
  const rig = await findRig(given['KUBECONFIG'] ?? '');
  if (rig !== undefined) return { ...(await rigSettings(rig, given, options)), ...given };
  const hasHelm = (await findProgram('helm')) !== undefined;
  for (const gap of kubernetesGaps(given, hasHelm)) options.report(gap);
  return given;
}

/** Said here, in one line, because every service would end over it. */
async function requireReadable(kubeconfig: string | undefined): Promise<void> {
  if (kubeconfig === undefined) return;
  try {
    await access(kubeconfig, constants.R_OK);
  } catch (cause) {
    const hint = kubeconfig.includes(delimiter) ? 'it must name one file' : 'it cannot be read';
    const message = `KUBECONFIG is ${kubeconfig}: ${hint}. Without it (KUBECONFIG= npm start) sessions run on Docker alone.`;
    throw new SetupError(message, { cause });
  }
}

async function rigSettings(
  rig: Rig,
  given: KubernetesSettings,
  options: WorkbenchOptions,
): Promise<KubernetesSettings> {
  const workbench = await ensureWorkbenchImage(options);
  const onRig = { rig, dockerHost: options.dockerHost, report: options.report };
  await ensureStandInsOnRig(onRig, options);
  return {
    K8S_WORKBENCH_IMAGE: given['K8S_WORKBENCH_IMAGE'] ?? (await ensureKubernetesWorkbenchImage(onRig, workbench)),
    K8S_VCLUSTER_CHART: join(rig.home, 'charts/vcluster'),
    K8S_IMAGE_PREFIX: 'rig/',
    // Last: a helm of the user's own choice comes first.
    PATH: [process.env['PATH'], join(rig.home, 'bin')].join(delimiter),
  };
}
