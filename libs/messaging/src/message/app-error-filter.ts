import { toAppError } from '@nalabo/kernel';
import { Catch, type ExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/** Hands the handler's error to the strategy as it is. Without it Nest replaces everything by "Internal server error". */
@Catch()
export class AppErrorFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => toAppError(thrown));
  }
}
