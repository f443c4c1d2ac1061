/** Variables that describe the Kubernetes target of an installation. */
export type KubernetesSettings = Readonly<Record<string, string>>;

const named = /^(KUBECONFIG|K8S_.+)$/;

/** What an environment says about Kubernetes; nothing unless it names a cluster. A variable set to nothing says nothing. */
export function kubernetesSettings(environment: NodeJS.ProcessEnv): KubernetesSettings | undefined {
  const entries = Object.entries(environment).filter(([name, value]) => named.test(name) && value);
  const settings = Object.fromEntries(entries) as KubernetesSettings;
  return clusterName(settings) === undefined ? undefined : settings;
}

/** The cluster as a person would name it, by what the settings reach it with. */
export function clusterName(settings: KubernetesSettings): string | undefined {
  const { KUBECONFIG: file, K8S_CONTEXT: context, K8S_ENDPOINT: endpoint, K8S_IN_CLUSTER: isInside } = settings;
  if (file) return context ? `${file} (context ${context})` : file;
  if (endpoint) return endpoint;
  return isInside === 'true' ? 'this pod' : undefined;
}

/** What sessions will lack with these settings, one line each. */
export function kubernetesGaps(settings: KubernetesSettings, hasHelm: boolean): string[] {
  const gaps: string[] = [];
  if (!hasHelm) gaps.push('helm is not on the PATH: sessions with a virtual cluster cannot be made');
  if (!settings['K8S_VCLUSTER_CHART'])
    gaps.push('K8S_VCLUSTER_CHART is not set: helm fetches the chart from its registry');
  if (!settings['K8S_WORKBENCH_IMAGE']) {
    gaps.push('K8S_WORKBENCH_IMAGE is not set: the nodes must have nalabo/workbench-kubernetes:dev');
  }
  return gaps;
}
