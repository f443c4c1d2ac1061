import { toAppError } from '@nalabo/kernel';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from './to-problem.js';

/** The one place where an error becomes an HTTP answer. Only our own mistakes are logged here, once and with the stack. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, headers, problem } = toProblem(thrown, request.id);
    if (problem.kind === 'internal') {
      this.logger.error({ err: toAppError(thrown), method: request.method, route: request.routeOptions.url });
    }
    // A stream that broke in the middle cannot be turned into an error any more; the client sees it end.
    if (reply.sent || reply.raw.headersSent) reply.raw.destroy();
    else void reply.status(status).headers(headers).type('application/problem+json').send(problem);
  }
}
