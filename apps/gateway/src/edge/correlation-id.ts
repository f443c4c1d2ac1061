import { newId } from '@nalabo/kernel';

export const correlationHeader = 'x-correlation-id';

const correlationIdPattern = /^[A-Za-z0-9._-]{1,128}$/;

/** The caller's id when it is safe to log and to echo, else a new one. */
export function chooseCorrelationId(offered: string | readonly string[] | undefined): string {
  return typeof offered === 'string' && correlationIdPattern.test(offered) ? offered : newId();
}
