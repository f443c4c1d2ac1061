import { AppError } from '@nalabo/kernel';

const maximumTextLength = 4096;
const maximumDepth = 6;
const maximumItems = 100;
const secretName = /(^|[-_.])(authorization|cookie|env|environment)$|(key|password|token|secret)$/i;
const urlCredentials = /(\w:\/\/)[^\s/@]*@/g;

/** Makes a value fit for a log: no secrets by their field's name, no credentials in URLs, no endless text. */
export function logFields(fields: object): Record<string, unknown> {
  return cleanObject(fields, 0);
}

export function logText(text: string): string {
  const clean = text.replace(urlCredentials, '$1');
  return clean.length <= maximumTextLength
    ? clean
    : `${clean.slice(0, maximumTextLength)}… (${clean.length} characters)`;
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return logText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= maximumDepth) return '[too deep]';
  if (value instanceof Error) return describeError(value, depth);
  if (Array.isArray(value)) return value.slice(0, maximumItems).map((item) => clean(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  return cleanObject(value, depth);
}

function cleanObject(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, maximumItems);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, secretName.test(name) ? '[redacted]' : clean(member, depth + 1)]),
  );
}

/** Named fields only: errors of libraries carry statements, parameters and requests in their own fields. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    ...(error instanceof AppError ? { kind: error.kind, details: clean(error.details, depth + 1) } : {}),
    message: logText(error.message),
    ...(error.stack === undefined ? {} : { stack: logText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1) }),
  };
}
