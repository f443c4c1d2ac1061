import { httpStatusByKind } from '@nalabo/contracts';
import { type Clock, newId } from '@nalabo/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { auditedKind, isAudited } from '../audit/audit-entry.js';
import type { AuditTrail } from '../audit/audit-trail.js';
import type { Authenticator } from '../auth/authenticator.js';
import { callerOf, setCaller } from './caller.js';
import { isPublicRoute } from './is-public-route.js';
import type { RateLimiter } from './rate-limiter.js';

const clientLeft = httpStatusByKind.cancelled;

/** What every request passes, before its body is read and after its answer is sent. */
export class RequestEdge {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly limiter: RateLimiter,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  attach(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      // Fastify's own hook does not come for a client that leaves, and a command that it started goes on.
      reply.raw.once('close', () => this.remember(request, reply));
      done();
    });
    fastify.addHook('onRequest', (request, reply) => this.admit(request, reply));
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const route = request.routeOptions.url;
    if (route === undefined || isPublicRoute(route)) return;
    void reply.header('www-authenticate', 'Bearer');
    const actor = await this.authenticator.authenticate(request.headers.authorization);
    void reply.removeHeader('www-authenticate');
    setCaller(request, { actor, correlationId: request.id });
    this.limiter.admit(actor.keyId);
  }

  private remember(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? '(unmatched)';
    const status = reply.raw.headersSent ? reply.statusCode : clientLeft;
    if (isPublicRoute(route) || !isAudited(request.method, status)) return;
    const actor = callerOf(request)?.actor;
    this.audit.record({
      id: newId(),
      at: this.clock.now(),
      keyId: actor?.keyId ?? null,
      ownerId: actor?.ownerId ?? null,
      method: request.method,
      route,
      status,
      kind: auditedKind(status),
      correlationId: request.id,
    });
  }
}
