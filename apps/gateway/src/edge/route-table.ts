import { MethodNotAllowedException, type OnModuleInit } from '@nestjs/common';
import type { FastifyInstance, HTTPMethods } from 'fastify';

const knownMethods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const foreignContentTypes = ['text/plain', 'application/x-www-form-urlencoded'];

/** Makes the routes strict: a known path answers 405 with `Allow` to any other method, and a body is JSON or refused. */
export class RouteTable implements OnModuleInit {
  private readonly methodsByUrl = new Map<string, Set<string>>();
  private fastify: FastifyInstance | undefined;

  /** Comes before the routes are registered. */
  attach(fastify: FastifyInstance): void {
    this.fastify = fastify;
    fastify.addHook('onRoute', ({ url, method }) => {
      const methods = this.methodsByUrl.get(url) ?? new Set();
      for (const name of [method].flat()) methods.add(name);
      this.methodsByUrl.set(url, methods);
    });
  }

  /** Comes when all routes and parsers are registered and none has served yet. */
  onModuleInit(): void {
    if (!this.fastify) return;
    this.fastify.removeContentTypeParser(foreignContentTypes);
    for (const [url, allowed] of [...this.methodsByUrl]) this.refuseOthers(this.fastify, url, new Set(allowed));
  }

  private refuseOthers(fastify: FastifyInstance, url: string, allowed: ReadonlySet<string>): void {
    fastify.route({
      url,
      method: knownMethods.filter((method) => !allowed.has(method)),
      // Before the body is read: its form does not matter when the method is wrong.
      preParsing: (_request, reply, _payload, done) => {
        void reply.header('allow', [...allowed].join(', '));
        done(new MethodNotAllowedException());
      },
      handler: () => undefined,
    });
  }
}
