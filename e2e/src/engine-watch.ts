import type { InfrastructureObject } from '@nalabo/contracts';
import Docker from 'dockerode';

export interface EngineEvent {
  readonly type: 'network' | 'volume' | 'container';
  readonly action: string;
  readonly name: string;
}

interface EngineEventLine {
  readonly Type: EngineEvent['type'];
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes?: { readonly name?: string } };
}

const eventPatienceMilliseconds = 60_000;

/** The engine as an outsider sees it: a fault of the platform must not hide what it left there. */
export class EngineWatch {
  readonly docker: Docker;

  constructor(dockerHost: string) {
    this.docker = new Docker({ socketPath: dockerHost.replace(/^unix:\/\//, '') });
  }

  /** Everything of an installation. */
  async ofInstance(instance: string): Promise<InfrastructureObject[]> {
    const filters = { label: [`io.nalabo.instance=${instance}`] };
    const [containers, networks, { Volumes: volumes }] = await Promise.all([
      this.docker.listContainers({ all: true, filters }),
      this.docker.listNetworks({ filters }),
      this.docker.listVolumes({ filters }),
    ]);
    return [
      ...containers.map(({ Names }) => ({ kind: 'container', name: (Names[0] ?? '').slice(1) })),
      ...networks.map(({ Name }) => ({ kind: 'network', name: Name })),
      ...volumes.map(({ Name }) => ({ kind: 'volume', name: Name })),
    ];
  }

  /**
   * Listens from now on; `until` settles with the next event that matches, also one that has come already. The caller
   * closes the stream with `stop`.
   */
  async events(): Promise<EngineEvents> {
    const stream = (await this.docker.getEvents()) as NodeJS.ReadableStream & { destroy(): void };
    return new EngineEvents(stream);
  }
}

export class EngineEvents {
  private readonly seen: EngineEvent[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(private readonly stream: NodeJS.ReadableStream & { destroy(): void }) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') this.see(JSON.parse(line) as EngineEventLine);
    });
  }

  async until(matches: (event: EngineEvent) => boolean): Promise<EngineEvent> {
    const { promise, resolve, reject } = Promise.withResolvers<EngineEvent>();
    const look = (): void => {
      const event = this.seen.find(matches);
      if (event) resolve(event);
    };
    const timer = setTimeout(() => reject(new Error('the engine told of no such event')), eventPatienceMilliseconds);
    this.waiting.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(look);
    }
  }

  stop(): void {
    this.stream.destroy();
  }

  private see({ Type, Action, Actor }: EngineEventLine): void {
    this.seen.push({ type: Type, action: Action, name: Actor.Attributes?.name ?? Actor.ID });
    for (const look of this.waiting) look();
  }
}
