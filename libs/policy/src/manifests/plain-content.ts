import { isMap } from '../rules/form.js';

/**
 * An object without what means nothing: a null is a field without a value, and `kubectl create --dry-run` writes a status
 * in which nothing stands.
 */
export function plainContent(content: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const fields = Object.entries(content).filter(([key, value]) => key !== 'status' || !isHollow(value));
  return withoutNulls(Object.fromEntries(fields)) as Readonly<Record<string, unknown>>;
}

function isHollow(value: unknown): boolean {
  return value === null || (isMap(value) && Object.values(value).every(isHollow));
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}
