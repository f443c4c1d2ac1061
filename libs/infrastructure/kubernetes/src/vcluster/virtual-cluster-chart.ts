import type { KubeObject } from '../cluster/kube-object.js';
import { ChartBundle } from './chart-bundle.js';
import { chartValues, chartVersion, plainVersion, type ChartProfile } from './chart-values.js';
import { renderChart, type HelmSettings } from './render-chart.js';
import { virtualClusterObjects, type VirtualClusterSession } from './virtual-cluster-objects.js';

export interface VirtualClusterSettings {
  readonly chart: string;
  readonly imagePrefix?: string | undefined;
  readonly helm: HelmSettings;
}

/** The virtual clusters of one target: what is applied to the host for each, without helm knowing of it. */
export class VirtualClusterChart {
  private readonly bundle: ChartBundle;

  constructor(private readonly settings: VirtualClusterSettings) {
    this.bundle = new ChartBundle((request) => renderChart(request, settings.helm));
  }

  /**
   * @param kubernetesVersion Of the host, as it reports it.
   * @throws AppError `unavailable` when helm or the chart cannot be had, `unprocessable` when the chart is not usable.
   */
  async objectsFor(session: VirtualClusterSession, kubernetesVersion: string): Promise<readonly KubeObject[]> {
    const { chart, imagePrefix } = this.settings;
    const profile: ChartProfile = { kubernetesVersion: plainVersion(kubernetesVersion), imagePrefix };
    const objects = await this.bundle.objects({
      chart,
      version: chartVersion,
      kubernetesVersion: profile.kubernetesVersion,
      values: chartValues(profile),
    });
    return virtualClusterObjects(objects, session);
  }
}
