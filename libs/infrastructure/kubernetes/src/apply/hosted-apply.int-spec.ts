import type { AppliedObject } from '@nalabo/contracts';
import type { SessionSpec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { resources } from '../cluster/kube-resource.js';
import type { KubePod } from '../session/kube-pod.js';
import { namespaceOf } from '../session/session-names.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { PlatformSession } from '../testing/platform-session.js';

const patience = { timeoutMs: 60_000, intervalMs: 200 };
const mebibyte = 2 ** 20;
const limits = { cpuMillicores: 1000, memoryBytes: 1024 * mebibyte, storageBytes: 1024 * mebibyte };

/** A pod as the policy of manifests hands it over. */
const podSpec = (text: string): string => `
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: web
          image: rig/busybox:1
          command: [sh, -c, "echo ${text} > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"]
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
`;

const web = (text: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:${podSpec(text)}`;

const service = (port: number): string => `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: ${port}, targetPort: 8080 }] }
`;

const configMap = (name: string, text = 'a'): string => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { text: ${text} }
`;

const join = (...objects: readonly string[]): string => objects.join('---');
const actions = (objects: readonly AppliedObject[]) =>
  objects.map(({ kind, name, action }) => `${action} ${kind} ${name}`);

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

interface Pod extends KubePod {
  readonly status?: NonNullable<KubePod['status']> & { readonly podIP?: string };
}

interface Deployment extends KubeObject {
  readonly status?: { readonly readyReplicas?: number; readonly updatedReplicas?: number; readonly replicas?: number };
}

describeOnCluster('applying in a session without a cluster of its own', process.env, (cluster) => {
  const platform = new PlatformSession(cluster);
  const { admin } = platform;
  let spec: SessionSpec;
  const at = (name: string) => ({ namespace: namespaceOf(spec.sessionId), name });
  const get = (resource: Parameters<typeof admin.find>[0], name: string) => admin.find(resource, at(name));
  const apply = async (...objects: readonly string[]) => actions(await platform.apply(spec, join(...objects)));

  beforeAll(async () => {
    await platform.open();
    spec = await platform.provisioner.ready({ isolation: 'namespace', limits });
  }, 120_000);
  afterAll(() => platform.close(), 120_000);

  const runs = () =>
    eventually(async () => {
      const { status } = await admin.get<Deployment>(resources.deployment, at('web'));
      expect(status).toMatchObject({ readyReplicas: 1, updatedReplicas: 1, replicas: 1 });
    }, patience);

  const output = (script: string): Promise<string> => platform.provisioner.output(spec, script);

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

  it('says how manifests for it are judged', async () => {
    const scope = await platform.facet.manifestScope(spec, AbortSignal.timeout(10_000));
    expect(scope).toEqual({ isolation: 'namespace', namespace: namespaceOf(spec.sessionId), hostSuffix: null });
  });

  it('plans, and makes nothing', async () => {
    const { changes } = await platform.plan(spec, join(web('one'), service(80)));
    expect(actions(changes)).toEqual(['created Service web', 'created Deployment web']);
    expect(changes).toMatchObject([{ namespace: namespaceOf(spec.sessionId) }, { apiVersion: 'apps/v1' }]);
    expect(await get(resources.deployment, 'web')).toBeUndefined();
  });

  it('makes what is in the file, which runs beside the workbench', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['created Service web', 'created Deployment web']);
    await runs();
    expect(await platform.provisioner.observe(spec)).toMatchObject({ readiness: 'ready' });
  });

  it('is reached from the workbench by the name of the Service, by learner and checker', async () => {
    const namespace = namespaceOf(spec.sessionId);
    for (const host of ['web', `web.${namespace}`, `web.${namespace}.svc.cluster.local`]) {
      expect(await output(`curl -sS --max-time 5 http://${host}/`)).toBe('one\n');
    }
    const { exec } = platform.provisioner.target;
    const asChecker = { ...exec, open: (ref: SessionSpec) => exec.open(ref, 'checker') };
    expect(await platform.provisioner.output(spec, 'curl -sS --max-time 5 http://web/', asChecker)).toBe('one\n');
    expect(await output('echo 1.2.3.4 web >> /etc/hosts || echo refused')).toBe('refused\n');
    await admin.delete(resources.pod, at('workbench'), { gracePeriodSeconds: 0 });
    await platform.provisioner.becomesReady(spec);
    expect(await output('curl -sS --max-time 5 http://web/')).toBe('one\n');
  });

  it('reaches the session’s own pods and nothing else', async () => {
    const other = await platform.provisioner.ready({ isolation: 'namespace', limits });
    await platform.apply(other, join(web('theirs'), service(80)));
    const theirs = await eventually(() => podAddress(other, 'app=web'), patience);
    const own = await podAddress(spec, 'app=web');
    const workbench = await podAddress(spec, 'nalabo.io/part=workbench');
    await output(`nohup python3 -c '${server}' >/dev/null 2>&1 &`);
    const forbidden = [`${theirs} 8080`, '10.96.0.1 443', '10.96.0.10 53', '1.1.1.1 443', '169.254.169.254 80'];
    const reached = (places: readonly string[]): string =>
      places
        .map((place) => `nc -w 3 ${place} </dev/null && echo "${place}" >> /dev/termination-log; `)
        .join('')
        .concat('true');
    expect(await output(reachedBy([`${own} 8080`, ...forbidden]))).toBe(`${own} 8080\n`);
    const places = [`${own} 8080`, ...forbidden, `${workbench} 8099`];
    const probe = `
apiVersion: v1
kind: Pod
metadata: { name: probe }
spec:
      restartPolicy: Never${podSpec('x').replace(/command: .*/, `command: [sh, -c, ${JSON.stringify(reached(places))}]`)}`;
    await platform.apply(spec, join(web('one'), service(80), probe));
    await eventually(async () => {
      expect(await get(resources.pod, 'probe')).toMatchObject({ status: { phase: 'Succeeded' } });
    }, patience);
    expect(await saidBy('probe')).toBe(`${own} 8080\n`);
    expect(await apply(web('one'), service(80))).toContain('removed Pod probe');
  }, 180_000);

  it('finds nothing to do a second time', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['unchanged Service web', 'unchanged Deployment web']);
  });

  it('shows what would change, and changes it', async () => {
    const { changes } = await platform.plan(spec, join(web('two'), service(8000)));
    expect(changes.map(({ action }) => action)).toEqual(['changed', 'changed']);
    expect(changes[0]?.diff).toContain('+    - port: 8000');
    expect(await apply(web('two'), service(8000))).toEqual(['changed Service web', 'changed Deployment web']);
    await runs();
    expect(await apply(web('two'), service(80))).toEqual(['changed Service web', 'unchanged Deployment web']);
  });

  it('brings back what was there before with the file from before', async () => {
    expect(await apply(web('one'), service(80))).toEqual(['unchanged Service web', 'changed Deployment web']);
    await runs();
  });

  it('removes what is no longer in the file, and nothing that no file has made', async () => {
    await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: at('kept') });
    expect(await apply(configMap('own'))).toEqual([
      'created ConfigMap own',
      'removed Deployment web',
      'removed Service web',
    ]);
    expect(await apply(configMap('next'))).toEqual(['created ConfigMap next', 'removed ConfigMap own']);
    expect(await get(resources.configMap, 'kept')).toBeDefined();
    expect(await get(resources.networkPolicy, 'deny-all')).toBeDefined();
    expect(await get(resources.serviceAccount, 'workbench')).toBeDefined();
    expect(await platform.provisioner.observe(spec)).toMatchObject({ readiness: 'ready' });
  });

  it('says what became of each object when one fails half-way, and removes nothing then', async () => {
    const plan = await platform.plan(spec, join(configMap('first'), configMap('second')));
    await admin.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: at('second') });
    const results = await platform.facet.apply(plan, AbortSignal.timeout(60_000));
    expect(results).toMatchObject([
      { name: 'first', action: 'created' },
      { name: 'second', action: 'failed', message: expect.stringContaining('no file has made') },
      { name: 'next', action: 'failed', message: expect.stringMatching(/^kept/) },
    ]);
    expect(await get(resources.configMap, 'second')).not.toHaveProperty('data');
    await admin.delete(resources.configMap, at('second'));
  });

  it('refuses everything that the API refuses, each with its place, and makes nothing', async () => {
    const file = join(service(800_000), web('x').replace('name: web }', 'name: Web }'), configMap('fine'));
    await expect(platform.plan(spec, file)).rejects.toMatchObject({
      kind: 'unprocessable',
      details: {
        violations: expect.arrayContaining([expect.objectContaining({ path: 'spec.ports[0].port', document: 1 })]),
      },
    });
    expect(await get(resources.configMap, 'fine')).toBeUndefined();
  });

  it('attempts nothing when the time is over', async () => {
    const plan = await platform.plan(spec, configMap('late'));
    const results = await platform.facet.apply(plan, AbortSignal.abort()).catch((error: unknown) => error);
    expect(results).toMatchObject({ kind: 'cancelled' });
    expect(await get(resources.configMap, 'late')).toBeUndefined();
  });

  it('leaves nothing when the session ends in the middle', async () => {
    const other = await platform.provisioner.ready({ isolation: 'namespace', limits });
    const plan = await platform.plan(
      other,
      join(...Array.from({ length: 20 }, (_, index) => configMap(`c-${index}`)), web('x')),
    );
    const [results] = await Promise.all([
      platform.facet.apply(plan, AbortSignal.timeout(60_000)).catch((error: unknown) => error),
      platform.provisioner.destroy(other),
    ]);
    expect(results).toBeDefined();
    expect(await admin.find(resources.namespace, { name: namespaceOf(other.sessionId) })).toBeUndefined();
    await expect(platform.plan(other, configMap('after'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
