export type Fields = Readonly<Record<string, unknown>>;

const serverMetadata = ['managedFields', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink'];

/** An object without what only the API writes: there it would be a claim, and here it changes by itself. */
export function withoutServerFields(object: Fields): Fields & { readonly metadata: Fields } {
  const { metadata } = object;
  return { ...without(object, ['status']), metadata: without(isFields(metadata) ? metadata : {}, serverMetadata) };
}

export function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
