import type { Isolation } from '@nalabo/contracts';
import { isolationSchema } from '@nalabo/contracts';
import type { TargetSettings } from '@nalabo/infrastructure-port';
import { AppError } from '@nalabo/kernel';
import { z } from 'zod';
import { kubeconfigServer } from './vcluster/kubeconfig-server.js';
import type { ClusterAddress } from './cluster/load-kube-config.js';
import type { AccountNames } from './session/account-names.js';

export interface KubernetesTargetConfig extends AccountNames {
  readonly name: string;
  readonly cluster: ClusterAddress;
  /** The installation: nothing without this label is ever touched. */
  readonly instance: string;
  readonly workbenchImage: string;
  /** For sessions whose workshop says nothing. */
  readonly isolation: Isolation;
  /** A folder, an archive or a reference that helm understands. */
  readonly virtualClusterChart: string;
  /** What helm is started with: where it is looked up and how it gets out. */
  readonly helmEnvironment: Readonly<Record<string, string | undefined>>;
  /** Put before the names of the images of a virtual cluster, instead of the chart's own registries. */
  readonly imagePrefix?: string | undefined;
  /** Where learners reach their API from outside, as a template; none when they cannot. */
  readonly kubeconfigServer?: string | undefined;
  /** How long one call waits for a session to be gone before it says what holds it; less than a provider call may take. */
  readonly removalPatienceMs: number;
  /** For a service that only observes: calls that could change something fail before they are sent. */
  readonly readOnly?: boolean | undefined;
}

function isServerTemplate(template: string): boolean {
  const example = kubeconfigServer(template, { session: 'session', namespace: 'namespace', clusterIP: '192.0.2.1' });
  return URL.canParse(example) && new URL(example).protocol === 'https:';
}

const text = z.string().min(1);

/** The variables that describe the Kubernetes target of an installation. */
export const kubernetesEnvironmentSchema = z.object({
  KUBECONFIG: text.optional(),
  K8S_CONTEXT: text.optional(),
  K8S_NAMESPACE: text.default('nalabo'),
  K8S_ROLE_PREFIX: text.default('nalabo'),
  K8S_ENDPOINT: z.url({ protocol: /^https$/ }).optional(),
  K8S_TOKEN: text.optional(),
  K8S_IN_CLUSTER: z.stringbool().default(false),
  K8S_WORKBENCH_IMAGE: text.default('nalabo/workbench-kubernetes:dev'),
  K8S_VCLUSTER_CHART: text.default('oci://ghcr.io/loft-sh/vcluster'),
  K8S_IMAGE_PREFIX: text.optional(),
  K8S_ISOLATION: isolationSchema.default('vcluster'),
  K8S_KUBECONFIG_SERVER: text.refine(isServerTemplate, 'must be an https address').optional(),
  PATH: text.optional(),
  HTTPS_PROXY: text.optional(),
  NO_PROXY: text.optional(),
});
export type KubernetesEnvironment = z.infer<typeof kubernetesEnvironmentSchema>;

/** What a targets file may say of a Kubernetes target; the environment says the rest. */
export const kubernetesSettings = [
  'endpoint',
  'context',
  'namespace',
  'rolePrefix',
  'isolation',
  'kubeconfigServer',
] as const;

/**
 * The target that the environment and the settings of a targets file describe. A target with an endpoint of its own takes
 * neither kubeconfig nor token from the environment: they belong to another cluster.
 * @throws AppError `invalid_input` for an isolation that does not exist.
 */
export function kubernetesTargetConfig(
  variables: KubernetesEnvironment & { readonly NALABO_INSTANCE: string },
  settings: TargetSettings,
): KubernetesTargetConfig {
  return {
    name: settings.name,
    cluster: settings['endpoint'] === undefined ? environmentAddress(variables, settings) : ownAddress(settings),
    instance: variables.NALABO_INSTANCE,
    platformNamespace: settings['namespace'] ?? variables.K8S_NAMESPACE,
    rolePrefix: settings['rolePrefix'] ?? variables.K8S_ROLE_PREFIX,
    workbenchImage: variables.K8S_WORKBENCH_IMAGE,
    isolation: isolationOf(settings) ?? variables.K8S_ISOLATION,
    virtualClusterChart: variables.K8S_VCLUSTER_CHART,
    helmEnvironment: { PATH: variables.PATH, HTTPS_PROXY: variables.HTTPS_PROXY, NO_PROXY: variables.NO_PROXY },
    imagePrefix: variables.K8S_IMAGE_PREFIX,
    removalPatienceMs: 45_000,
    kubeconfigServer: settings['kubeconfigServer'] ?? variables.K8S_KUBECONFIG_SERVER,
  };
}

function environmentAddress(variables: KubernetesEnvironment, settings: TargetSettings): ClusterAddress {
  return {
    file: variables.KUBECONFIG,
    context: settings['context'] ?? variables.K8S_CONTEXT,
    endpoint: variables.K8S_ENDPOINT,
    token: variables.K8S_TOKEN,
    inCluster: variables.K8S_IN_CLUSTER,
  };
}

/** The endpoint is a kubeconfig, or `in-cluster`. */
function ownAddress({ endpoint, context }: TargetSettings): ClusterAddress {
  return endpoint === 'in-cluster' ? { inCluster: true } : { file: endpoint, context };
}

function isolationOf({ name, isolation }: TargetSettings): Isolation | undefined {
  if (isolation === undefined) return undefined;
  const parsed = isolationSchema.safeParse(isolation);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', `target ${name}: isolation must be one of ${isolationSchema.options.join(', ')}`);
}
