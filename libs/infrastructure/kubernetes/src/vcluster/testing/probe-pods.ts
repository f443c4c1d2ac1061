import { connect } from 'node:net';
import { eventually } from '@nalabo/testing';
import { expect } from 'vitest';
import type { KubeClient } from '../../cluster/kube.client.js';
import type { KubeObject } from '../../cluster/kube-object.js';
import { resources } from '../../cluster/kube-resource.js';

export const patience = { timeoutMs: 180_000, intervalMs: 100 };
/** Has bash and nc. */
const image = 'rig/workbench:1';

export interface Pod extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly state?: { readonly terminated?: { readonly exitCode: number } };
    }[];
  };
}

export interface Service extends KubeObject {
  readonly spec: { readonly clusterIP: string; readonly externalIPs?: readonly string[] };
}

const requests = { cpu: '10m', memory: '16Mi' };

/** A pod that answers on port 8080. */
export function server(namespace: string, name: string): KubeObject {
  const command = ['bash', '-c', 'while true; do printf "HTTP/1.0 200 OK\\r\\n\\r\\n{}" | nc -N -l -p 8080; done'];
  return pod({ name, namespace, labels: { app: name } }, [{ name, image, command, resources: { requests } }]);
}

type Addresses = Readonly<Record<string, string>>;

/**
 * A pod that tries addresses until what is expected of them comes true, at most 15 times: network plug-ins hold a new pod
 * to its policies only a moment after its start. A failure counts when it is repeated, as the servers here are not always
 * listening.
 */
export function explorer(
  metadata: KubeObject['metadata'],
  { open = {}, shut = {} }: { readonly open?: Addresses; readonly shut?: Addresses },
): KubeObject {
  const attempts = (addresses: Addresses, body: string) =>
    Object.entries(addresses).map(([name, address]) => {
      const [host, port] = address.split(/:(?=\d+$)/);
      const script = `try() { nc -z -v -w 3 ${host} ${port}; }; for i in {1..15}; do ${body}; sleep 1; done`;
      const command = ['bash', '-c', script];
      return { name, image, command, resources: { requests } };
    });
  return pod(metadata, [
    ...attempts(open, 'try && exit 0; [ $i = 15 ] && exit 1'),
    ...attempts(shut, 'try || { sleep 1; try || exit 1; }; [ $i = 15 ] && exit 0'),
  ]);
}

/** A pod that only stays, with what a test adds to its container and to its spec. */
export function sleeper(metadata: KubeObject['metadata'], container: object, spec: object = {}): KubeObject {
  const made = pod(metadata, [
    { name: 'shell', image, command: ['sleep', '600'], resources: { requests }, ...container },
  ]);
  return { ...made, spec: { ...(made['spec'] as object), ...spec } };
}

function pod(metadata: KubeObject['metadata'], containers: readonly object[]): KubeObject {
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

/** Which addresses a finished explorer has reached. */
export async function results(client: KubeClient, namespace: string, name: string): Promise<Record<string, boolean>> {
  return eventually(async () => {
    const found = await client.get<Pod>(resources.pod, { namespace, name });
    const states = found.status?.containerStatuses ?? [];
    expect(states.length).toBeGreaterThan(0);
    return Object.fromEntries(
      states.map((state) => {
        const exitCode = state.state?.terminated?.exitCode;
        expect(exitCode, `${name}/${state.name} is over`).toBeDefined();
        return [state.name, exitCode === 0];
      }),
    );
  }, patience);
}

/** The address of a pod, once it is ready. */
export async function addressOf(client: KubeClient, namespace: string, name: string): Promise<string> {
  return eventually(async () => {
    const { status } = await client.get<Pod>(resources.pod, { namespace, name });
    expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    return status?.podIP ?? '';
  }, patience);
}

export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 3000 });
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
