import { AppError, systemClock } from '@nalabo/kernel';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { MessagingOptions } from './connection/connection-options.js';
import { NatsLink } from './connection/nats-link.js';
import { FactFeed } from './facts/fact-feed.js';
import { FactPublisher } from './facts/fact-publisher.js';
import { FactServer } from './facts/fact-server.js';
import { LiveFeed } from './live-feed.js';
import { RpcClient } from './rpc/rpc.client.js';
import { RpcServer } from './rpc/rpc-server.js';

const instancePattern = /^[A-Za-z0-9_-]{1,64}$/;

/** The message bus for a whole application: one connection, and everything that uses it. */
@Global()
@Module({})
export class MessagingModule {
  /** AppError `invalid_input` when the instance's name cannot be part of a subject. */
  static forRoot(options: MessagingOptions): DynamicModule {
    if (!instancePattern.test(options.instance)) {
      throw new AppError('invalid_input', `the instance name ${JSON.stringify(options.instance)} is no subject token`);
    }
    const inject = [NatsLink];
    return {
      module: MessagingModule,
      providers: [
        { provide: NatsLink, useFactory: () => new NatsLink(options) },
        { provide: RpcClient, inject, useFactory: (link: NatsLink) => new RpcClient(link, systemClock) },
        { provide: FactPublisher, inject, useFactory: (link: NatsLink) => new FactPublisher(link) },
        { provide: FactFeed, inject, useFactory: (link: NatsLink) => new FactFeed(link) },
        { provide: LiveFeed, inject, useFactory: (link: NatsLink) => new LiveFeed(link) },
        { provide: RpcServer, inject, useFactory: (link: NatsLink) => new RpcServer(link, options) },
        { provide: FactServer, inject, useFactory: (link: NatsLink) => new FactServer(link, options) },
      ],
      exports: [NatsLink, RpcClient, FactPublisher, FactFeed, LiveFeed],
    };
  }
}
