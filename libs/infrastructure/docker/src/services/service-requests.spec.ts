import { isSessionId } from '@nalabo/kernel';
import { anAppliedModel, aService } from '@nalabo/infrastructure-port/conformance';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import type { EngineNetwork } from '../engine/engine-objects.js';
import { shippedImages } from './image-catalogue.js';
import { serviceNetworkOptions, serviceVolumeOptions } from './service-network-options.js';
import { serviceOptions, type ServiceSurroundings } from './service-options.js';
import { serviceSessionOf } from './service-session.js';
import { workbenchShare } from './workbench-share.js';

const sessionId = 'abcdefghijklmnopqrstuvwxyz';
if (!isSessionId(sessionId)) throw new Error('not a session id');

const labels = {
  'io.nalabo.managed-by': 'nalabo',
  'io.nalabo.instance': 'main',
  'io.nalabo.session': sessionId,
  'io.nalabo.generation': '2',
  'io.nalabo.workshop': 'first-steps',
  'io.nalabo.ends-by': '1800000000',
};
const name = `nalabo-session-${sessionId}`;
const ownNetwork: EngineNetwork = {
  id: '1f2e3d',
  name,
  labels: { ...labels, 'io.nalabo.platform-network': 'nalabo-network' },
  subnet: '10.213.1.16/28',
};
const objects = {
  containers: [{ id: 'c', name, labels, state: 'running', status: 'Up', networkMode: '1f2e3d' }],
  networks: [ownNetwork],
  volumes: [],
};
const ref = { sessionId, generation: 2 } as const;
const session = serviceSessionOf(ref, objects);

const none = { capabilities: [], writablePaths: [] };
const surroundings: ServiceSurroundings = {
  session,
  folders: { html: 3 },
  image: 'nginx@sha256:00',
  rights: shippedImages.get('nginx:alpine') ?? none,
  imageVolumes: [],
  networks: new Map([
    ['default', '1f2e3d'],
    ['front', '4a5b6c'],
  ]),
  freshVolumes: new Set(),
};

const whole = aService('web', {
  command: ['nginx', '-g', 'daemon off;'],
  entrypoint: [],
  environment: { MODE: 'a=b' },
  workingDirectory: '/srv',
  user: { uid: 1000, gid: 1000 },
  hostname: 'front-door',
  mounts: [
    { source: { kind: 'workspace' }, target: '/workspace', readOnly: true },
    { source: { kind: 'folder', folder: 'html' }, target: '/usr/share/nginx/html', readOnly: false },
    { source: { kind: 'volume', name: 'data' }, target: '/data', readOnly: false },
    { source: { kind: 'tmpfs', sizeBytes: 1024 }, target: '/scratch', readOnly: false },
  ],
  networks: [
    { name: 'front', aliases: ['www'] },
    { name: 'default', aliases: [] },
  ],
  endpoints: [{ port: 80, protocol: 'tcp', publishedPort: 8080 }],
  healthcheck: {
    test: ['true'],
    intervalSeconds: 30,
    timeoutSeconds: 0.5,
    retries: 3,
    startPeriodSeconds: 0,
  },
  ulimits: { nofile: { soft: 64, hard: 128 }, fsize: { soft: 2 ** 50, hard: 2 ** 50 } },
  stopSignal: 'SIGINT',
  labels: { 'com.example.role': 'front', 'io.nalabo.session': 'another' },
});

/** Each file is reviewed: a change of it is a change of what a service may do. */
function reviewed(name: string): string {
  return `./create-requests/${name}.json`;
}

function asJson(request: unknown): Promise<string> {
  return format(JSON.stringify(request), { parser: 'json', printWidth: 120 });
}

describe('the create request of', () => {
  it('a service that asks for nothing is the reviewed one', async () => {
    const request = serviceOptions(aService('app'), { ...surroundings, rights: none });
    await expect(await asJson(request)).toMatchFileSnapshot(reviewed('smallest-service'));
  });

  it('a service that asks for everything is the reviewed one', async () => {
    await expect(await asJson(serviceOptions(whole, surroundings))).toMatchFileSnapshot(reviewed('largest-service'));
  });

  it('a further network is the reviewed one', async () => {
    await expect(await asJson(serviceNetworkOptions(session, 'front', [ownNetwork]))).toMatchFileSnapshot(
      reviewed('further-network'),
    );
  });

  it('a named volume is the reviewed one', async () => {
    await expect(await asJson(serviceVolumeOptions(session, 'data'))).toMatchFileSnapshot(reviewed('named-volume'));
  });
});

describe('a service', () => {
  it('cannot take away a label of ours', () => {
    expect(serviceOptions(whole, surroundings)['Labels']).toMatchObject({ ...labels, 'com.example.role': 'front' });
  });

  it.each(['/proc/self/fd/8', '/sys', '/dev/fd'])('is not made that would begin in %s', (workingDirectory) => {
    const refused = expect.objectContaining({ kind: 'unprocessable' });
    expect(() => serviceOptions(aService('web', { workingDirectory }), surroundings)).toThrow(refused);
  });

  it('is filled from the image only where nobody else has seen the volume', () => {
    const copies = (fresh: readonly string[]) => {
      const { HostConfig } = serviceOptions(whole, { ...surroundings, freshVolumes: new Set(fresh) });
      const { Mounts } = HostConfig as { Mounts: readonly { Target: string; VolumeOptions: { NoCopy: boolean } }[] };
      return Mounts.filter(({ VolumeOptions }) => !VolumeOptions.NoCopy).map(({ Target }) => Target);
    };
    expect(copies([])).toEqual([]);
    expect(copies(['data'])).toEqual(['/data']);
  });

  it('has memory in the place of a volume that the image wants, unless something is mounted there', () => {
    const { HostConfig } = serviceOptions(whole, {
      ...surroundings,
      imageVolumes: ['/var/lib/db', '/data', '/data/in/it'],
    });
    expect(Object.keys((HostConfig as { Tmpfs: object }).Tmpfs)).toEqual([
      '/tmp',
      '/run',
      '/var/cache/nginx',
      '/var/lib/db',
      '/scratch',
      '/workspace/.folders',
    ]);
  });
});

describe('a further network', () => {
  const taken = (subnet: string): EngineNetwork => ({ ...ownNetwork, subnet });

  it('gets the first subnet that no other network of the session has', () => {
    const { IPAM } = serviceNetworkOptions(session, 'b', [
      ownNetwork,
      taken('10.214.1.16/28'),
      taken('10.216.1.16/28'),
    ]);
    expect(IPAM).toMatchObject({ Config: [{ Subnet: '10.215.1.16/28' }] });
  });

  it('is refused when there are three', () => {
    const three = ['10.214.1.16/28', '10.215.1.16/28', '10.216.1.16/28'].map(taken);
    expect(() => serviceNetworkOptions(session, 'd', three)).toThrow('has no subnet left');
  });
});

describe('a session, as its services know it,', () => {
  it.each([
    ['without a workbench', { ...objects, containers: [] }],
    [
      'with a workbench that has ended',
      { ...objects, containers: objects.containers.map((one) => ({ ...one, state: 'exited' })) },
    ],
    ['without its network', { ...objects, networks: [] }],
    ['with a network from elsewhere', { ...objects, networks: [{ ...ownNetwork, subnet: '172.17.0.0/16' }] }],
  ])('is none %s', (_, found) => {
    expect(() => serviceSessionOf(ref, found)).toThrow(expect.objectContaining({ kind: 'not_found' }));
  });

  it('is none of another generation', () => {
    expect(() => serviceSessionOf({ ...ref, generation: 1 }, objects)).toThrow('has no running workbench');
  });
});

describe('the share of the workbench', () => {
  const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 30, storageBytes: 1 };

  it('is all without services, and what they leave otherwise', () => {
    const applied = anAppliedModel({}, aService('a'), aService('b'));
    expect(workbenchShare(limits, null)).toEqual({ cpuMillis: 1000, memoryBytes: 2 ** 30 });
    expect(workbenchShare(limits, applied)).toEqual({ cpuMillis: 800, memoryBytes: 2 ** 30 - 96 * 2 ** 20 });
  });
});
