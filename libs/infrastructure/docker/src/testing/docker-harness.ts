import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { ownershipOf, prefixedLabels, sessionObjectName, type SessionRef } from '@nalabo/infrastructure-port';
import type {
  AppliedLimits,
  ConformanceHarness,
  ForeignObject,
  ForeignOwner,
  Isolation,
} from '@nalabo/infrastructure-port/conformance';
import { SwitchableProxy } from '@nalabo/testing';
import { TestTarget } from './test-target.js';

/** Holds the Docker provider to the provider contract, on a real engine behind a proxy that can be shut. */
export async function dockerHarness(socketPath: string): Promise<ConformanceHarness> {
  const path = join(tmpdir(), `nalabo-engine-${randomBytes(6).toString('hex')}.sock`);
  const proxy = new SwitchableProxy({ path: socketPath }, { path });
  await proxy.open();
  const listener = await listenEverywhere();
  const test = new TestTarget(socketPath, { dockerHost: `unix://${path}` });
  return {
    target: test.target,
    newSpec: (overrides) => test.newSpec(overrides),
    sessionsInParallel: 4,
    services: { image: test.config.workbenchImage, command: ['/bin/sleep', 'infinity'] },
    killWorkbench: async ({ sessionId }) => {
      await test.engine.docker.getContainer(sessionObjectName(sessionId)).kill();
    },
    leftovers: () => test.engine.ofInstance(test.instance),
    makeForeignObject: (ref, owner) => makeForeignVolume(test, ref, owner),
    breakBackend: async () => {
      await proxy.shut();
      return () => proxy.open();
    },
    appliedLimits: (ref) => appliedLimits(test, ref),
    isolation: isolationOf(listener),
    close: async () => {
      listener.close();
      await proxy.shut();
    },
  };
}

async function makeForeignVolume(test: TestTarget, ref: SessionRef, owner: ForeignOwner): Promise<ForeignObject> {
  const name = sessionObjectName(ref.sessionId, 'workspace');
  const labels =
    owner === 'nobody' ? {} : prefixedLabels(ownershipOf('another-installation', test.newSpec(ref)), 'io.nalabo.');
  await test.engine.docker.createVolume({ Name: name, Labels: labels });
  return {
    kind: 'volume',
    name,
    exists: async () => (await test.engine.named(ref.sessionId)).some((object) => object.name === name),
    remove: () => test.engine.docker.getVolume(name).remove(),
  };
}

async function appliedLimits(test: TestTarget, { sessionId }: SessionRef): Promise<AppliedLimits> {
  const { HostConfig } = await test.engine.docker.getContainer(sessionObjectName(sessionId)).inspect();
  return {
    cpuMillicores: (HostConfig.NanoCpus ?? 0) / 1_000_000,
    memoryBytes: HostConfig.Memory ?? 0,
    processes: HostConfig.PidsLimit ?? null,
  };
}

/** A server on every address of this machine, so that one that a session reaches is found. */
async function listenEverywhere(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return server;
}

function isolationOf(listener: Server): Isolation {
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    forbiddenPaths: ['/var/run/docker.sock', '/run/docker.sock', '/var/lib/docker', '/proc/kcore/x', '/host'],
    forbiddenEndpoints: () => {
      // Read anew for each test: the bridges of the sessions themselves are among them.
      const hosts = Object.values(networkInterfaces()).flatMap((addresses) =>
        (addresses ?? [])
          .filter(({ family, internal }) => family === 'IPv4' && !internal)
          .map(({ address }) => address),
      );
      return Promise.resolve([...hosts.map((host) => ({ host, port })), { host: '169.254.169.254', port: 80 }]);
    },
  };
}
