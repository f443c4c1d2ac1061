import { createHash } from 'node:crypto';
import { AppError } from '@nalabo/kernel';
import { parse, stringify } from 'yaml';
import type { KubeObject } from '../cluster/kube-object.js';
import { partLabel } from '../session/session-names.js';
import { namespacePlaceholder } from './chart-bundle.js';
import { controlPlanePart, releaseName, virtualApiHost, virtualApiServer } from './virtual-cluster-names.js';

export interface VirtualClusterSession {
  readonly namespace: string;
  /** On every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Further host names or addresses under which the virtual API is reached. */
  readonly serverNames: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** What the control plane finds its own objects by. The other labels of the chart say that helm looks after them. */
const keptLabels = ['app', 'release', 'vcluster.loft.sh/service'];
const configHashAnnotation = 'vClusterConfigHash';
/** In this order every object finds what it needs. */
const order = ['ServiceAccount', 'Role', 'RoleBinding', 'Secret', 'Service', 'Deployment'];

/**
 * The objects of one session's virtual cluster, in the order in which they are applied.
 * @throws AppError `unprocessable` when the chart has put the namespace where it is not looked for.
 */
export function virtualClusterObjects(
  chart: readonly KubeObject[],
  session: VirtualClusterSession,
): readonly KubeObject[] {
  const configuration = configurationOf(chart, session);
  const objects = chart.map((object) => specific(placed(object, session), session, configuration));
  const astray = objects.find((object) => JSON.stringify(object).includes(namespacePlaceholder));
  if (astray) {
    throw new AppError('unprocessable', `the chart names the namespace inside ${astray.kind} ${astray.metadata.name}`, {
      publicMessage: 'The infrastructure target is not set up for virtual clusters.',
    });
  }
  return objects.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

function placed(object: KubeObject, { namespace, labels }: VirtualClusterSession): KubeObject {
  const { name, labels: own = {}, annotations } = object.metadata;
  const metadata = { name, namespace, labels: { ...kept(own), ...labels }, ...(annotations && { annotations }) };
  return { ...object, metadata };
}

function specific(object: KubeObject, session: VirtualClusterSession, configuration: string): KubeObject {
  switch (object.kind) {
    case 'RoleBinding':
      return { ...object, subjects: subjectsIn(object, session.namespace) };
    case 'Secret':
      return { ...object, data: { 'config.yaml': Buffer.from(configuration).toString('base64') } };
    case 'Deployment':
      return { ...object, spec: deploymentSpec(object['spec'] as Fields, session, configuration) };
    default:
      return object;
  }
}

function subjectsIn(binding: KubeObject, namespace: string): readonly Fields[] {
  return (binding['subjects'] as readonly Fields[]).map((subject) => ({ ...subject, namespace }));
}

/** Two control planes of one session would each believe that the synced pods are theirs: never a rolling update. */
function deploymentSpec(spec: Fields, { labels }: VirtualClusterSession, configuration: string): Fields {
  const template = spec['template'] as { readonly metadata: Fields; readonly spec: Fields };
  const own = template.metadata['labels'] as Readonly<Record<string, string>>;
  return {
    ...spec,
    strategy: { type: 'Recreate' },
    template: {
      metadata: {
        labels: { ...kept(own), ...labels, [partLabel]: controlPlanePart },
        annotations: { [configHashAnnotation]: createHash('sha256').update(configuration).digest('hex') },
      },
      spec: template.spec,
    },
  };
}

function kept(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => keptLabels.includes(name)));
}

/** The complete values of the chart with those of the session: the control plane knows no defaults of its own. */
function configurationOf(chart: readonly KubeObject[], { namespace, serverNames }: VirtualClusterSession): string {
  const secret = chart.find(({ kind }) => kind === 'Secret');
  const encoded = (secret?.['data'] as Readonly<Record<string, string>> | undefined)?.['config.yaml'];
  const values = parse(Buffer.from(encoded ?? '', 'base64').toString('utf8')) as Readonly<
    Record<string, Fields>
  > | null;
  if (!values) throw new AppError('unprocessable', 'the chart of virtual clusters has no configuration in its Secret');
  const host = virtualApiHost(namespace);
  const controlPlane = values['controlPlane'];
  return stringify({
    ...values,
    controlPlane: {
      ...controlPlane,
      proxy: {
        ...(controlPlane?.['proxy'] as Fields | undefined),
        extraSANs: [...new Set([host, `${host}.cluster.local`, ...serverNames])],
      },
    },
    exportKubeConfig: {
      ...values['exportKubeConfig'],
      context: releaseName,
      server: virtualApiServer(namespace),
    },
  });
}
