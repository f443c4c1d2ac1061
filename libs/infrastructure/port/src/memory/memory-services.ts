import { access } from 'node:fs/promises';
import type { LogRequest } from '../apply.js';
import { AppError } from '@nalabo/kernel';
import { type ComposeService, startOrder } from '@nalabo/policy';
import { sessionObjectName } from '../ownership.js';
import type { SessionRef } from '../reference.js';
import { onObject } from '../services/object-error.js';
import { furtherNetworks } from '../services/plan-services.js';
import type { HeldServices, ServiceHost, ServicesWork } from '../services/service-host.js';
import { serviceDigest } from '../services/service-text.js';
import type { MemoryBackend } from './memory-backend.js';
import { ownedObjectsOf } from './memory-look.js';
import { labelPrefix, partLabel, type MemoryObject } from './memory-object.js';

const digestLabel = `${labelPrefix}model-digest`;

type PartKind = 'service' | 'network' | 'volume';
const infixes: Readonly<Record<PartKind, string>> = { service: 's', network: 'n', volume: 'v' };
const objectKinds = { service: 'container', network: 'network', volume: 'volume' } as const;

/** Services that are there and do nothing: none of their programs is run. */
export class MemoryServices implements ServiceHost {
  constructor(
    private readonly backend: MemoryBackend,
    private readonly instance: string,
  ) {}

  held(ref: SessionRef, signal: AbortSignal): Promise<HeldServices> {
    return this.backend.faults.call(`services of ${ref.sessionId}`, signal, () => {
      if (this.backend.workbench(ref.sessionId)?.state !== 'running') throw noWorkbench(ref);
      const services = this.partsOf(ref, 'service').map(
        ({ name, labels }) => [name, { digest: labels[digestLabel] ?? '', isWell: true }] as const,
      );
      const names = (kind: PartKind): readonly string[] => this.partsOf(ref, kind).map(({ name }) => name);
      return { services: new Map(services), networks: names('network'), volumes: names('volume') };
    });
  }

  prepare({ ref, signal }: ServicesWork): Promise<void> {
    return this.backend.faults.call(`prepare services of ${ref.sessionId}`, signal, () => undefined);
  }

  clear({ ref, wanted, signal }: ServicesWork): Promise<void> {
    return this.backend.faults.call(`clear services of ${ref.sessionId}`, signal, () => {
      const services = wanted?.compose.services ?? [];
      const digests = services.map((service) => serviceDigest(service, wanted?.folders ?? {}));
      for (const { name, labels } of this.partsOf(ref, 'service')) {
        if (!digests.includes(labels[digestLabel] ?? '')) this.remove(ref, 'service', name);
      }
      this.keepOnly(ref, 'network', furtherNetworks(wanted));
    });
  }

  async build({ ref, wanted, signal }: ServicesWork): Promise<void> {
    if (!wanted) return;
    const { services, volumes } = wanted.compose;
    for (const name of furtherNetworks(wanted)) await this.make(ref, 'network', name, signal);
    for (const name of volumes) await this.make(ref, 'volume', name, signal);
    for (const service of startOrder(services)) {
      await onObject('service', service.name, async () => {
        await this.make(ref, 'service', service.name, signal, serviceDigest(service, wanted.folders));
        await refuseMissingProgram(service);
      });
    }
  }

  sweep({ ref, wanted, signal }: ServicesWork): Promise<void> {
    return this.backend.faults.call(`sweep volumes of ${ref.sessionId}`, signal, () =>
      this.keepOnly(ref, 'volume', wanted?.compose.volumes ?? []),
    );
  }

  logs(ref: SessionRef, request: LogRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.backend.faults.call(`logs of ${ref.sessionId}`, signal, () => {
      const { service } = request;
      if (!this.partsOf(ref, 'service').some(({ name }) => name === service)) {
        const publicMessage = `The session has no service ${service}.`;
        throw new AppError('not_found', publicMessage, { publicMessage });
      }
      return this.backend.logs.read(addressOf(ref, 'service', service).name, request, signal);
    });
  }

  private keepOnly(ref: SessionRef, kind: PartKind, wanted: readonly string[]): void {
    for (const { name } of this.partsOf(ref, kind)) if (!wanted.includes(name)) this.remove(ref, kind, name);
  }

  private make(ref: SessionRef, kind: PartKind, name: string, signal: AbortSignal, digest = ''): Promise<void> {
    return this.backend.faults.call(`make ${kind} ${name}`, signal, () => {
      const workbench = this.backend.object('container', sessionObjectName(ref.sessionId));
      // Whoever removes the session has removed the workbench first.
      if (!workbench) throw noWorkbench(ref);
      const labels = { ...workbench.labels, [partLabel]: `${kind}/${name}`, [digestLabel]: digest };
      this.backend.addObject({ ...addressOf(ref, kind, name), labels });
    });
  }

  private remove(ref: SessionRef, kind: PartKind, name: string): void {
    this.backend.removeObject(addressOf(ref, kind, name));
  }

  private partsOf(ref: SessionRef, kind: PartKind): readonly Pick<MemoryObject, 'name' | 'labels'>[] {
    const prefix = `${kind}/`;
    return ownedObjectsOf(this.backend, this.instance, ref).flatMap(({ labels }) => {
      const part = labels[partLabel] ?? '';
      return part.startsWith(prefix) ? [{ name: part.slice(prefix.length), labels }] : [];
    });
  }
}

function addressOf({ sessionId }: SessionRef, kind: PartKind, name: string): Pick<MemoryObject, 'kind' | 'name'> {
  return { kind: objectKinds[kind], name: sessionObjectName(sessionId, `${infixes[kind]}-${name}`) };
}

function noWorkbench({ sessionId }: SessionRef): AppError {
  return new AppError('not_found', `session ${sessionId} has no running workbench`);
}

/** As an engine does when it starts a container. */
async function refuseMissingProgram({ command }: ComposeService): Promise<void> {
  const [program] = command ?? [];
  if (!program?.startsWith('/')) return;
  await access(program).catch((error: unknown) => {
    const publicMessage = `There is no program ${program}.`;
    throw new AppError('unprocessable', publicMessage, { cause: error, publicMessage });
  });
}
