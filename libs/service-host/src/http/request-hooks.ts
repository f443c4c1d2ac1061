import { newId } from '@nalabo/kernel';
import { metrics } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { runInContext } from '../request-context.js';

export const correlationHeader = 'x-correlation-id';
const acceptableCorrelationId = /^[\w.-]{1,128}$/;
const secondsBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The caller's correlation id, when it is harmless in logs and messages, else a new one. */
export function correlationIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[correlationHeader];
  return typeof given === 'string' && acceptableCorrelationId.test(given) ? given : newId();
}

/** Context, headers and the duration of every request; the id of a Fastify request is its correlation id. */
export function addRequestHooks(fastify: FastifyInstance): void {
  const duration = metrics.getMeter('@nalabo/service-host').createHistogram('http_server_duration', {
    description: 'Time from the arrival of a request to the end of its answer.',
    unit: 's',
    advice: { explicitBucketBoundaries: secondsBoundaries },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ [correlationHeader]: request.id, 'x-content-type-options': 'nosniff' });
    runInContext({ correlationId: request.id }, done);
  });
  // The body arrives in the context of the socket, so the request's own is entered again behind it.
  fastify.addHook('preValidation', (request, _reply, done) => {
    runInContext({ correlationId: request.id }, done);
  });
  closeConnectionsWhenStopping(fastify);
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    duration.record(reply.elapsedTime / 1000, { route, method: request.method, status: reply.statusCode });
    done();
  });
}

/** A client that keeps its connection open would hold up the stop: the last answer tells it to let go. */
function closeConnectionsWhenStopping(fastify: FastifyInstance): void {
  let isStopping = false;
  fastify.addHook('preClose', (done) => {
    isStopping = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (isStopping) void reply.header('connection', 'close');
    done(null, payload);
  });
}
