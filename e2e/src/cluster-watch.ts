import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InfrastructureObject } from '@nalabo/contracts';
import type { KubernetesSettings } from '@nalabo/setup';

const run = promisify(execFile);
const longestAnswerBytes = 64 * 2 ** 20;

interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly claimRef?: { readonly namespace: string } };
}

/** A cluster as an operator with kubectl sees it, whatever the platform believes to have left there. */
export class ClusterWatch {
  private kinds: Promise<string> | undefined;

  /** The settings say which cluster, and where kubectl is found. */
  constructor(private readonly settings: KubernetesSettings) {}

  /** Everything with the label of an installation, of every kind, in namespaces and outside of them. */
  async ofInstance(instance: string): Promise<InfrastructureObject[]> {
    const kinds = await (this.kinds ??= this.listableKinds());
    const label = `--selector=nalabo.io/instance=${instance}`;
    const columns = '--output=jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}';
    const lines = (await this.kubectl('get', kinds, '--all-namespaces', label, columns)).split('\n');
    return lines.flatMap((line) => {
      const [kind = '', name = ''] = line.split(' ');
      return name === '' ? [] : [{ kind: kind.toLowerCase(), name: name.replace(/^\//, '') }];
    });
  }

  /** The volumes that learners' claims got, which outlive their namespace and carry none of our labels. */
  async volumesOf(sessionIds: readonly string[]): Promise<InfrastructureObject[]> {
    const namespaces = new Set(sessionIds.map((id) => `nalabo-session-${id}`));
    const { items } = JSON.parse(await this.kubectl('get', 'persistentvolumes', '--output=json')) as {
      items: Volume[];
    };
    return items
      .filter(({ spec }) => spec.claimRef && namespaces.has(spec.claimRef.namespace))
      .map(({ metadata }) => ({ kind: 'persistentvolume', name: metadata.name }));
  }

  /** Rejects with what kubectl says when it fails. */
  async kubectl(...args: string[]): Promise<string> {
    const env = { ...process.env, ...this.settings };
    return (await run('kubectl', args, { env, maxBuffer: longestAnswerBytes })).stdout;
  }

  /** All but measurements, which show a pod for a while after its end. */
  private async listableKinds(): Promise<string> {
    const kinds = await this.kubectl('api-resources', '--verbs=list', '--output=name');
    return kinds
      .trim()
      .split('\n')
      .filter((kind) => !kind.endsWith('.metrics.k8s.io'))
      .join(',');
  }
}
