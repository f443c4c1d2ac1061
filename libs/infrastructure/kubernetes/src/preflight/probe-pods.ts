import type { KubeObject } from '../cluster/kube-object.js';
import { isConditionTrue, type ContainerStatus, type KubePod } from '../session/kube-pod.js';

export const reachProbeName = 'reach';

/** How the probe's container tells what it saw. */
export const reachExit = { cutOff: 0, neverReached: 3, neverCutOff: 4 } as const;

/**
 * Reaches for the API of the cluster, which every pod can as long as nothing keeps it from doing so, then says that it
 * is ready and tries again until it fails twice in a row: by then a policy has been made.
 */
const reachScript = `
reach() { timeout 2 bash -c ': <>"/dev/tcp/$0/$1"' "$KUBERNETES_SERVICE_HOST" "$KUBERNETES_SERVICE_PORT" 2>/dev/null; }
end=$((SECONDS + 10))
until reach; do [ $SECONDS -lt $end ] || exit ${reachExit.neverReached}; sleep 0.5; done
: > /tmp/reached
end=$((SECONDS + 20))
while reach || reach; do [ $SECONDS -lt $end ] || exit ${reachExit.neverCutOff}; sleep 0.5; done
exit ${reachExit.cutOff}
`;

export interface ProbePlace {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
}

export function reachProbe({ namespace, labels, image }: ProbePlace): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: reachProbeName, namespace, labels },
    spec: {
      ...quietPod,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: reachProbeName,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['bash', '-c', reachScript],
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
          readinessProbe: { exec: { command: ['test', '-e', '/tmp/reached'] }, periodSeconds: 1 },
          securityContext: {
            runAsUser: 1000,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Mi' } }],
    },
  };
}

/** A pod that no session may have. Where nothing refuses it, its gate keeps it from ever being started. */
export function privilegedProbe({ namespace, labels, image }: ProbePlace): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'privileged', namespace, labels },
    spec: {
      ...quietPod,
      schedulingGates: [{ name: 'nalabo.io/never' }],
      containers: [{ name: 'privileged', image, securityContext: { privileged: true } }],
    },
  };
}

const quietPod = { automountServiceAccountToken: false, enableServiceLinks: false };

/** Where a probe stands, from its pod. */
export type ProbeState =
  | { readonly step: 'waiting'; readonly reason: string }
  | { readonly step: 'unable'; readonly reason: string }
  | { readonly step: 'reached' }
  | { readonly step: 'ended'; readonly exitCode: number };

const hopeless = /^(ErrImage|ImagePullBackOff|InvalidImageName|ImageInspectError|CreateContainer|RunContainerError)/;

export function probeState(pod: KubePod): ProbeState {
  const decided = decidedBy(pod.status?.containerStatuses?.[0]?.state ?? {});
  if (decided) return decided;
  if (isConditionTrue(pod, 'Ready')) return { step: 'reached' };
  return { step: 'waiting', reason: notScheduled(pod) ?? 'it does not answer yet' };
}

function decidedBy({ terminated, waiting }: NonNullable<ContainerStatus['state']>): ProbeState | undefined {
  if (terminated) return { step: 'ended', exitCode: terminated.exitCode };
  if (!waiting) return undefined;
  const { reason = 'not started', message = reason } = waiting;
  return hopeless.test(reason) ? { step: 'unable', reason: message } : { step: 'waiting', reason };
}

function notScheduled({ status }: KubePod): string | undefined {
  return status?.conditions?.find(({ type, status: value }) => type === 'PodScheduled' && value === 'False')?.message;
}
