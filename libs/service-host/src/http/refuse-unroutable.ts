import { NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { correlationHeader } from './request-hooks.js';
import { toProblem } from './to-problem.js';

/** At a path that the router cannot read, malformed or endless, there is nothing. This comes before every hook. */
export function refuseUnroutable(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, headers, problem } = toProblem(new NotFoundException(), request.id);
  void reply
    .status(status)
    .headers({ ...headers, [correlationHeader]: request.id, 'x-content-type-options': 'nosniff' })
    .type('application/problem+json')
    .send(problem);
}
