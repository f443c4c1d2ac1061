import type { Envelope } from '@nalabo/contracts';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { runInContext } from './request-context.js';

/** Gives the handlers of messages the context of their envelope; HTTP requests have theirs already. */
export class MessageContext implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'rpc') return next.handle();
    const { correlationId, sessionId } = execution.switchToRpc().getContext<Envelope>();
    return new Observable((subscriber) =>
      runInContext({ correlationId, sessionId }, () => next.handle().subscribe(subscriber)),
    );
  }
}
