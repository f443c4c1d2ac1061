import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resources } from '../cluster/kube-resource.js';
import type { KubePod } from '../session/kube-pod.js';
import { namespaceOf } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformSession } from '../testing/platform-session.js';
import { join, limits, podSpec, service, web } from './hosted-files.cases.js';

const patience = { timeoutMs: 120_000, intervalMs: 200 };

/** Listens where a pod of the learner could reach the workbench, if anything let it. */
const server = 'import socket; s = socket.create_server(("0.0.0.0", 8099)); [s.accept() for _ in iter(int, 1)]';

/** Which of the places a script in the workbench reaches. */
function reachedBy(places: readonly string[]): string {
  const script = `
import socket, sys
for place in sys.argv[1:]:
    host, port = place.split()
    try:
        socket.create_connection((host, int(port)), 3)
        print(place)
    except OSError:
        pass
`;
  return `python3 -c '${script}' ${places.map((place) => `'${place}'`).join(' ')}`;
}

/**
 * Says at the end of a pod which of the places it has ever reached. It tries them all again until what is allowed is among
 * them, five times at most: network plug-ins let a new pod to others only a moment after its start.
 */
function explores(places: readonly string[], allowed: string): string {
  const tries = places.map((place) => `nc -w 3 ${place} </dev/null && echo "${place}" >> /tmp/reached; `).join('');
  const isAllowedReached = `grep -qF "${allowed}" /tmp/reached`;
  return `for i in 1 2 3 4 5; do ${tries}${isAllowedReached} && break; sleep 1; done; sort -u /tmp/reached > /dev/termination-log`;
}

interface Pod extends KubePod {
  readonly status?: NonNullable<KubePod['status']> & { readonly podIP?: string };
}

describeOnCluster('what can be reached in a session without a cluster of its own', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  const { admin } = platform;
  let spec: SessionSpec;
  const at = (name: string) => ({ namespace: namespaceOf(spec.sessionId), name });
  const output = (script: string): Promise<string> => platform.provisioner.output(spec, script);

  beforeAll(async () => {
    await platform.open();
    spec = await platform.provisioner.ready({ isolation: 'namespace', limits });
    await platform.apply(spec, join(web('one'), service(80)));
  });
  afterAll(() => platform.close());

  async function podAddress(session: SessionSpec, labelSelector: string): Promise<string> {
    const query = { namespace: namespaceOf(session.sessionId), labelSelector };
    const pods = await admin.list<Pod>(resources.pod, query);
    const address = pods.find(({ status }) => status?.phase === 'Running')?.status?.podIP;
    if (address === undefined) throw new Error('no such pod runs');
    return address;
  }

  async function saidBy(name: string): Promise<string | undefined> {
    const { status } = await admin.get<KubePod>(resources.pod, at(name));
    return status?.containerStatuses?.[0]?.state?.terminated?.message;
  }

  it('is the session’s own pods and nothing else, from the workbench and from a pod', async () => {
    const other = await platform.provisioner.ready({ isolation: 'namespace', limits });
    await platform.apply(other, join(web('theirs'), service(80)));
    const theirs = await eventually(() => podAddress(other, 'app=web'), patience);
    const own = await eventually(() => podAddress(spec, 'app=web'), patience);
    const workbench = await podAddress(spec, 'nalabo.io/part=workbench');
    await output(`nohup python3 -c '${server}' >/dev/null 2>&1 &`);
    const forbidden = [`${theirs} 8080`, '10.96.0.1 443', '10.96.0.10 53', '1.1.1.1 443', '169.254.169.254 80'];
    const allowed = `${own} 8080`;
    await eventually(async () => expect(await output(reachedBy([allowed]))).toBe(`${allowed}\n`), patience);
    expect(await output(reachedBy([allowed, ...forbidden]))).toBe(`${allowed}\n`);
    const places = [allowed, ...forbidden, `${workbench} 8099`];
    const probe = `
apiVersion: v1
kind: Pod
metadata: { name: probe }
spec:
      restartPolicy: Never${podSpec('x').replace(/command: .*/, `command: [sh, -c, ${JSON.stringify(explores(places, allowed))}]`)}`;
    await platform.apply(spec, join(web('one'), service(80), probe));
    await eventually(async () => {
      expect(await admin.get(resources.pod, at('probe'))).toMatchObject({ status: { phase: 'Succeeded' } });
    }, patience);
    expect(await saidBy('probe')).toBe(`${allowed}\n`);
    expect((await platform.apply(spec, join(web('one'), service(80)))).map(({ action }) => action)).toContain(
      'removed',
    );
  });
});
