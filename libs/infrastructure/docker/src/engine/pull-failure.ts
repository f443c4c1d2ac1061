interface PullRecord {
  readonly error?: unknown;
  readonly errorDetail?: { readonly message?: unknown };
}

/** The failure that one line of a pull's progress reports, if any: the status of the answer was a success long before. */
export function pullFailure(line: string): string | undefined {
  if (line.trim() === '') return undefined;
  const record = JSON.parse(line) as PullRecord;
  const message = record.errorDetail?.message ?? record.error;
  return typeof message === 'string' ? message : undefined;
}
