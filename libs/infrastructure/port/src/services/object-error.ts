import { toAppError } from '@nalabo/kernel';

export type AppliedKind = 'service' | 'network' | 'volume' | 'folder' | 'file';

/** One object could not be made, changed or removed. */
export class ObjectError extends Error {
  constructor(
    readonly kind: AppliedKind,
    readonly object: string,
    cause: unknown,
  ) {
    super(`${kind} ${object}: ${toAppError(cause).message}`, { cause });
  }

  /** Without what names machines or addresses. */
  get publicMessage(): string {
    return toAppError(this.cause).publicMessage;
  }
}

/** Does something to one object, and says in an error which one it was. */
export async function onObject<T>(kind: AppliedKind, object: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ObjectError ? error : new ObjectError(kind, object, error);
  }
}
