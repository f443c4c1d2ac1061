import { AppError } from '@nalabo/kernel';
import { z } from 'zod';
import { resources } from '../cluster/kube-resource.js';
import type { KubeClient } from '../cluster/kube.client.js';
import type { HostApiAddress } from './network-policies.js';

const serviceSchema = z.object({
  spec: z.object({ clusterIPs: z.array(z.string()), ports: z.array(z.object({ port: z.number() })) }),
});
const sliceSchema = z.object({
  endpoints: z.array(z.object({ addresses: z.array(z.string()) })).nullish(),
  ports: z.array(z.object({ port: z.number() })).nullish(),
});
const slicesSchema = z.object({ items: z.array(sliceSchema) });

/**
 * How pods reach the API of their cluster: by the address of its Service and by those behind it, as some network
 * plug-ins look at the one and some at the other.
 * @throws AppError `unavailable` when the cluster does not tell.
 */
export async function readHostApiAddresses(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<readonly HostApiAddress[]> {
  const at = { namespace: 'default', name: 'kubernetes' };
  const [service, slices] = await Promise.all([
    client.get(resources.service, at, signal),
    client.read('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices', signal, {
      query: { labelSelector: 'kubernetes.io/service-name=kubernetes' },
    }),
  ]);
  const front = serviceSchema.safeParse(service);
  const behind = slicesSchema.safeParse(slices);
  if (!front.success || !behind.success || behind.data.items.length === 0) {
    throw new AppError('unavailable', 'the cluster does not tell where its API is');
  }
  const { clusterIPs, ports } = front.data.spec;
  return [...pairs(clusterIPs, ports), ...behind.data.items.flatMap(pairsOfSlice)];
}

function pairsOfSlice({ endpoints, ports }: z.infer<typeof sliceSchema>): readonly HostApiAddress[] {
  const addresses = (endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
  return pairs(addresses, ports ?? []);
}

function pairs(addresses: readonly string[], ports: readonly { readonly port: number }[]): readonly HostApiAddress[] {
  return addresses.flatMap((address) => ports.map(({ port }) => ({ address, port })));
}
