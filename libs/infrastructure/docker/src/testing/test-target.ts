import { randomBytes, randomInt } from 'node:crypto';
import type { InfrastructureObject } from '@nalabo/contracts';
import { newSessionId, systemClock, type SessionId } from '@nalabo/kernel';
import { subnetCount, type InfrastructureTarget, type SessionSpec } from '@nalabo/infrastructure-port';
import type { DockerTargetConfig } from '../docker-target.config.js';
import { createDockerTarget } from '../docker-target.js';
import { EngineLook } from './engine-look.js';

const workbenchImage = 'nalabo/workbench:dev';
const mebibyte = 2 ** 20;
const platformSubnets = 1024;

/** An installation of its own on a real engine, for one test. */
export class TestTarget {
  readonly instance = `test-${randomBytes(6).toString('hex')}`;
  readonly config: DockerTargetConfig;
  readonly target: InfrastructureTarget;
  readonly engine: EngineLook;
  /** Above what a platform on the same engine gives out first, and somewhere else in every run. */
  private nextSubnet = randomInt(platformSubnets, subnetCount - 100);
  private readonly sessions: SessionId[] = [];

  constructor(socketPath: string, overrides: Partial<DockerTargetConfig> = {}) {
    this.engine = new EngineLook(socketPath);
    this.config = {
      name: 'test',
      dockerHost: `unix://${socketPath}`,
      instance: this.instance,
      networkPrefix: 'nalabo-network',
      workbenchImage,
      ...overrides,
    };
    this.target = createDockerTarget(this.config);
  }

  newSpec(overrides: Partial<SessionSpec> = {}): SessionSpec {
    const spec: SessionSpec = {
      sessionId: newSessionId(),
      generation: 1,
      workshopId: 'first-steps',
      limits: { cpuMillicores: 500, memoryBytes: 256 * mebibyte, storageBytes: 1024 * mebibyte },
      environment: {},
      endsByEpochSeconds: Math.floor(systemClock.now().getTime() / 1000) + 3600,
      subnetIndex: this.nextSubnet++,
      isolation: null,
      applied: null,
      initial: null,
      ...overrides,
    };
    this.sessions.push(spec.sessionId);
    return spec;
  }

  async ready(overrides: Partial<SessionSpec> = {}): Promise<SessionSpec> {
    const spec = this.newSpec(overrides);
    await this.target.lifecycle.ensure(spec, AbortSignal.timeout(60_000));
    return spec;
  }

  /** Removes the test's sessions through the target, and tells what is then still on the engine. */
  async leftovers(): Promise<readonly InfrastructureObject[]> {
    const newest = Number.MAX_SAFE_INTEGER;
    for (const sessionId of this.sessions) {
      await this.target.lifecycle.destroy({ sessionId, generation: newest }, AbortSignal.timeout(60_000));
    }
    const named = await Promise.all(this.sessions.map((sessionId) => this.engine.named(sessionId)));
    return [...(await this.engine.ofInstance(this.instance)), ...named.flat()];
  }
}
