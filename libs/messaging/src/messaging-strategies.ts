import type { INestApplicationContext } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { FactServer } from './facts/fact-server.js';
import { RpcServer } from './rpc/rpc-server.js';

/** The strategies to connect before the application starts its microservices: requests, then session facts. */
export function messagingStrategies(app: INestApplicationContext): readonly CustomTransportStrategy[] {
  return [app.get(RpcServer, { strict: false }), app.get(FactServer, { strict: false })];
}
