import { facts } from '@nalabo/contracts';
import { FactFeed } from '@nalabo/messaging';
import { BackgroundLoop } from '@nalabo/persistence';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SessionShells } from './session-shells.js';

const minute = 60_000;

/** After these a session's workbench is gone or another one. */
const breakingFacts = [facts.sessionRestarted.fact, facts.sessionTerminating.fact, facts.sessionTerminated.fact];

/** Lets go of the shells that nobody uses, and of those whose workbench is gone. */
@Injectable()
export class ShellUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly shells: SessionShells,
    private readonly feed: FactFeed,
  ) {
    this.loop = new BackgroundLoop({
      pass: async () => {
        await shells.closeIdle();
        return false;
      },
      intervalMilliseconds: minute,
      backoff: { firstMilliseconds: minute, factor: 1, maximumMilliseconds: minute },
      onFailure: () => undefined,
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
    this.unsubscribe = this.feed.subscribeFacts({ fact: breakingFacts }, ({ sessionId }) => {
      if (sessionId !== null) this.shells.release(sessionId);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    await this.loop.stop();
  }
}
