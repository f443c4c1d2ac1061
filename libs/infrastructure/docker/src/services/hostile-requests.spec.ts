import { type ComposeModel, readCompose } from '@nalabo/policy';
import { composeFile, exampleContext } from '@nalabo/policy/hostile-files';
import { ownNetwork } from '@nalabo/infrastructure-port';
import { aService } from '@nalabo/infrastructure-port/conformance';
import { isSessionId } from '@nalabo/kernel';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { CreateBody, EngineNetwork } from '../engine/engine-objects.js';
import { expectGolden } from './golden-request.cases.js';
import { shippedImages } from './image-catalogue.js';
import { serviceNetworkOptions, serviceVolumeOptions } from './service-network-options.js';
import { serviceOptions } from './service-options.js';
import type { ServiceSession } from './service-session.js';

const sessionId = 'abcdefghijklmnopqrstuvwxyz';
if (!isSessionId(sessionId)) throw new Error('not a session id');
const name = `nalabo-session-${sessionId}`;
const labels = { 'io.nalabo.managed-by': 'nalabo', 'io.nalabo.instance': 'main', 'io.nalabo.session': sessionId };
const network: EngineNetwork = { id: 'own', name, labels, subnet: '10.213.1.16/28' };
const session: ServiceSession = {
  sessionId,
  labels,
  workbench: { id: 'c', name, labels, state: 'running', status: 'Up', networkMode: 'own' },
  network,
  subnetIndex: 17,
  platformNetwork: 'nalabo-network',
  volumeOptions: {},
};
const manyFiles = 60_000;
const none = { capabilities: [], writablePaths: [] };
const image = `sha256:${'0'.repeat(64)}`;

/** The engine is asked for each of these. */
function requestsOf(model: ComposeModel) {
  const networks = new Map([
    ...model.networks.map((one) => [one, `id-of-${one}`] as const),
    [ownNetwork, 'own'] as const,
  ]);
  const folders = Object.fromEntries(model.folders.map((folder, index) => [folder, index]));
  const containers = model.services.map((service) => {
    const rights = shippedImages.get(service.image) ?? none;
    const surroundings = { session, folders, image, rights, networks, imageVolumes: ['/data'] };
    const body = serviceOptions(service, { ...surroundings, freshVolumes: new Set(model.volumes) });
    return { body, rights };
  });
  return { containers, networkIds: [...networks.values()] };
}

function expectGoldenModel(model: ComposeModel): void {
  const { containers, networkIds } = requestsOf(model);
  const most = exampleContext.resources;
  for (const { body, rights } of containers) expectGolden(body, { name, labels, networkIds, image, rights, most });
  for (const one of model.networks.filter((it) => it !== ownNetwork)) {
    const request = serviceNetworkOptions(session, one, [network]);
    expect(request.Name.startsWith(`${name}-n-`)).toBe(true);
    expect(request).toMatchObject({ Driver: 'bridge', Internal: true, Attachable: false, Labels: labels });
  }
  for (const one of model.volumes) {
    const request = serviceVolumeOptions(session, one);
    expect(request.Name.startsWith(`${name}-v-`)).toBe(true);
    expect(request).toMatchObject({ Driver: 'local', DriverOpts: {}, Labels: labels });
  }
}

describe('whatever is sent as a Compose file', () => {
  it('asks the engine for nothing outside of the reviewed requests', { timeout: manyFiles }, () => {
    let containers = 0;
    const property = fc.property(composeFile, (file) => {
      const read = readCompose(stringify(file), exampleContext);
      if (!('model' in read)) return;
      containers += read.model.services.length;
      expectGoldenModel(read.model);
    });
    // The same files in every run; others are tried by naming another seed.
    fc.assert(property, { numRuns: 400, seed: Number(process.env['NALABO_RANDOM_SEED'] ?? 1) });
    expect(containers).toBeGreaterThan(80);
  });
});

const safe = serviceOptions(aService('web'), {
  session,
  folders: {},
  image,
  rights: none,
  imageVolumes: [],
  networks: new Map([[ownNetwork, 'own']]),
  freshVolumes: new Set(),
});
const surroundings = {
  name,
  labels,
  networkIds: ['own'],
  image,
  rights: none,
  most: exampleContext.resources,
};
const onHost = (fields: object): CreateBody => ({
  ...safe,
  HostConfig: { ...(safe['HostConfig'] as object), ...fields },
});
const volume = { Type: 'volume', Source: `${name}-f0`, Target: '/x', ReadOnly: false };
const mounting = (fields: object): CreateBody =>
  onHost({ Mounts: [{ ...volume, VolumeOptions: { NoCopy: true, Labels: labels }, ...fields }] });

describe('a request that is outside of the reviewed ones is noticed', () => {
  it('and one inside of them is not', () => {
    expectGolden(safe, surroundings);
    expectGolden(mounting({}), surroundings);
  });

  it.each<[string, CreateBody]>([
    ['another image', { ...safe, Image: 'nginx:alpine' }],
    ['root by name of its number', { ...safe, User: '0:1000' }],
    ['root', { ...safe, User: '0' }],
    ['the group of root', { ...safe, User: '1000:0' }],
    ['published ports', { ...safe, ExposedPorts: { '80/tcp': {} } }],
    ['privileges', onHost({ Privileged: true })],
    ['a bind', onHost({ Binds: ['/:/host'] })],
    ['a device', onHost({ Devices: [{ PathOnHost: '/dev/sda' }] })],
    ['the network of the host', onHost({ NetworkMode: 'host' })],
    ['the network of another', onHost({ NetworkMode: 'container:other' })],
    ['the processes of the host', onHost({ PidMode: 'host' })],
    ['the users of the host', onHost({ UsernsMode: 'host' })],
    ['a control group', onHost({ CgroupParent: '/' })],
    ['another runtime', onHost({ Runtime: 'x' })],
    ['a capability', onHost({ CapAdd: ['SYS_ADMIN'] })],
    ['a capability that its image has no right to', onHost({ CapAdd: ['CHOWN'] })],
    ['no limit to its memory', onHost({ Memory: 0, MemorySwap: 0 })],
    ['swap', onHost({ MemorySwap: -1 })],
    ['no limit to its processes', onHost({ PidsLimit: -1 })],
    ['a writable image', onHost({ ReadonlyRootfs: false })],
    ['new privileges', onHost({ SecurityOpt: [] })],
    ['open files without end', onHost({ Ulimits: [{ Name: 'nofile', Soft: -1, Hard: -1 }] })],
    ['a resolver', onHost({ Dns: ['8.8.8.8'] })],
    ['a name of the host', onHost({ ExtraHosts: ['a:host-gateway'] })],
    ['programs in memory', onHost({ Tmpfs: { '/tmp': 'rw,exec' } })],
    ['a path of the host', mounting({ Type: 'bind', Source: '/' })],
    ['a volume of another session', mounting({ Source: 'nalabo-session-other-workspace' })],
    ['a volume with options of its driver', mounting({ VolumeOptions: { DriverConfig: { Options: { o: 'bind' } } } })],
    ['a part of a volume', mounting({ VolumeOptions: { NoCopy: true, Labels: labels, Subpath: '..' } })],
    ['a workspace whose folders can be moved', mounting({ Source: `${name}-workspace` })],
    ['a mount over /proc', mounting({ Target: '/proc/self' })],
    ['labels of another session', { ...safe, Labels: { ...labels, 'io.nalabo.session': 'other' } }],
    ['a second network', { ...safe, NetworkingConfig: { EndpointsConfig: { own: {}, other: {} } } }],
    ['an address', { ...safe, NetworkingConfig: { EndpointsConfig: { own: { Aliases: [], IPAMConfig: {} } } } }],
  ])('with %s', (_, request) => {
    expect(() => expectGolden(request, surroundings)).toThrow();
  });
});
