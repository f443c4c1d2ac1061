import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { acceptEmptyJson } from './edge/accept-empty-json.js';
import { RequestEdge } from './edge/request-edge.js';
import { RouteTable } from './edge/route-table.js';
import { serveApiDocumentation } from './http/api-documentation.js';
import { TerminalEndpoint } from './terminal/terminal-endpoint.js';

/** What the HTTP server needs before its routes are registered. */
export function configureHttp(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.get(RequestEdge, { strict: false }).attach(fastify);
  app.get(RouteTable, { strict: false }).attach(fastify);
  acceptEmptyJson(app);
  serveApiDocumentation(app);
  app.get(TerminalEndpoint, { strict: false }).attach(app.getHttpServer());
}
