import type { Actor } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who asks and under which correlation id: what every request to a service carries. */
export interface Caller {
  readonly actor: Actor;
  readonly correlationId: string;
}

const callers = new WeakMap<FastifyRequest, Caller>();

export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
}

/** Undefined before the request was authenticated, and on public routes. */
export function callerOf(request: FastifyRequest): Caller | undefined {
  return callers.get(request);
}

/** The authenticated caller as a parameter of a controller's method. */
export const FromCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (caller) return caller;
  throw new AppError('internal', 'a protected route was reached without a caller');
});
