import { randomBytes } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { HttpMethod, type KubeConfig } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import { KubeClient } from '../cluster/kube.client.js';
import type { KubeObject } from '../cluster/kube-object.js';
import { pathOf, resourceOf, resources, type KubeResource } from '../cluster/kube-resource.js';
import { KubeTransport } from '../cluster/kube-transport.js';

const folder = `${import.meta.dirname}/../../../../../deploy/kubernetes`;

const admission = 'admissionregistration.k8s.io/v1';
const admissionResources: Readonly<Record<string, KubeResource>> = {
  ValidatingAdmissionPolicy: {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicy',
    plural: 'validatingadmissionpolicies',
    isNamespaced: false,
  },
  ValidatingAdmissionPolicyBinding: {
    apiVersion: admission,
    kind: 'ValidatingAdmissionPolicyBinding',
    plural: 'validatingadmissionpolicybindings',
    isNamespaced: false,
  },
};

type Service = 'provisioner' | 'executor' | 'monitor';

/** The manifests of deploy/kubernetes, applied under names that nothing else on the cluster has. */
export class PlatformAccounts {
  readonly namespace = `test-${randomBytes(4).toString('hex')}`;
  private applied: readonly KubeObject[] = [];

  constructor(private readonly admin: KubeClient) {}

  async apply(): Promise<void> {
    this.applied = await this.manifests();
    const isFirst = ({ kind }: KubeObject): boolean => kind === 'Namespace';
    for (const object of [...this.applied.filter(isFirst), ...this.applied.filter((object) => !isFirst(object))]) {
      await this.admin.apply(object, { resource: resourceFor(object) });
    }
  }

  async remove(): Promise<void> {
    for (const object of this.applied.toReversed()) await this.admin.delete(resourceFor(object), object.metadata);
  }

  /** What the manifests call `nalabo-…`, as it is called here. */
  named(name: string): string {
    return name.replace(/^nalabo-/, `${this.namespace}-`);
  }

  /** The cluster as a service's account sees it. @param config Of an administrator; it is the account's from now on. */
  client(config: KubeConfig, service: Service): KubeClient {
    const impersonateUser = `system:serviceaccount:${this.namespace}:${this.named(`nalabo-${service}`)}`;
    Object.assign(config.getCurrentUser() ?? {}, { impersonateUser });
    return new KubeClient(config);
  }

  /** What a service has in its hands, as the cluster gives it to the service's account for an hour. */
  async token(service: Service): Promise<string> {
    const account = { namespace: this.namespace, name: this.named(`nalabo-${service}`) };
    const call = {
      method: HttpMethod.POST,
      path: `${pathOf(resources.serviceAccount, account)}/token`,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
    };
    const { status } = (await new KubeTransport(this.admin.config).send(call, 10_000)) as TokenRequest;
    return status.token;
  }

  private async manifests(): Promise<readonly KubeObject[]> {
    const objects: KubeObject[] = [];
    for await (const file of glob(`${folder}/*.yaml`)) {
      const text = (await readFile(file, 'utf8'))
        .replaceAll(/nalabo-(session-)?(provisioner|executor|monitor|guard)\b/g, `${this.namespace}-$1$2`)
        .replaceAll('system:serviceaccount:nalabo:', `system:serviceaccount:${this.namespace}:`)
        .replaceAll(/(name|namespace): nalabo$/gm, `$1: ${this.namespace}`);
      objects.push(...parseAllDocuments(text).map((document) => document.toJS() as KubeObject));
    }
    return objects;
  }
}

interface TokenRequest {
  readonly status: { readonly token: string };
}

function resourceFor(object: KubeObject): KubeResource {
  return admissionResources[object.kind] ?? resourceOf(object);
}
