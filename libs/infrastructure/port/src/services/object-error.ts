import { AppError, toAppError } from '@nalabo/kernel';

export type AppliedKind = 'service' | 'network' | 'volume' | 'folder' | 'file';

/** One object could not be made, changed or removed. Its kind of error is that of the cause. */
export class ObjectError extends AppError {
  constructor(
    readonly objectKind: AppliedKind,
    readonly objectName: string,
    thrown: unknown,
  ) {
    const cause = toAppError(thrown);
    const { kind, message, publicMessage, details } = cause;
    super(kind, `${objectKind} ${objectName}: ${message}`, { cause, publicMessage, details });
  }
}

/** Does something to one object, and says in an error which one it was. */
export async function onObject<T>(kind: AppliedKind, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ObjectError ? error : new ObjectError(kind, name, error);
  }
}
