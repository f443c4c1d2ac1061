import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RunningNats, startNats } from '@nalabo/setup';
import type { INestApplication, Type } from '@nestjs/common';
import { startApplication } from './testing/start-application.js';
import { MessagingModule } from './messaging.module.js';

/** A real server that can go away and come back with its streams, at the same address. */
export class RealBus {
  private server: RunningNats | undefined;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly password = randomUUID(),
  ) {}

  static async prepare(): Promise<RealBus> {
    return new RealBus(await mkdtemp(join(tmpdir(), 'nalabo-messaging-')), await freePort());
  }

  get url(): string {
    return `nats://nalabo:${this.password}@127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { folder: storeDirectory, port, password } = this;
    this.server = await startNats({ storeDirectory, port, password, report: () => undefined });
  }

  async stop(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface ServiceUnderTest {
  readonly url: string;
  readonly service: string;
  readonly instance?: string;
  readonly controllers: readonly Type[];
}

/** A hybrid application as every service is one, without its HTTP port. */
export function startService(options: ServiceUnderTest): Promise<INestApplication> {
  const { url, service, instance = 'one', controllers } = options;
  class ServiceModule {}
  const imports = [MessagingModule.forRoot({ url, service, instance })];
  return startApplication({ module: ServiceModule, imports, controllers: [...controllers] });
}
