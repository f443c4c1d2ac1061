import { isMap, text } from '../rules/form.js';
import type { RuleText, Scope } from '../rules/scope.js';
import type { ManifestObject } from './manifest-object.js';

export const headRules = {
  object: {
    id: 'manifests.object',
    message: 'must be an object with apiVersion, kind and metadata',
    hint: 'Begin each document with apiVersion, kind and metadata.',
  },
  apiVersion: { id: 'manifests.api-version', message: 'is needed', hint: 'Write, for example, apiVersion: apps/v1.' },
  kind: { id: 'manifests.kind', message: 'is needed', hint: 'Write, for example, kind: Deployment.' },
  metadata: { id: 'manifests.metadata', message: 'is needed', hint: 'Write metadata with the name of the object.' },
  name: { id: 'manifests.name', message: 'is needed', hint: 'Give the object a name of its own, such as web.' },
  namespace: { id: 'manifests.namespace', message: 'must be a name', hint: 'Leave the namespace out.' },
} as const satisfies Readonly<Record<string, RuleText>>;

const word = text({ pattern: /^\P{Cc}+$/u, longest: 253, says: 'a text' });
/** What may stand in a path of the API as it is. */
const name = text({ pattern: /^(?!\.{1,2}$)[^/%\p{Cc}]+$/u, longest: 253, says: 'a name, and no path' });

/** Reads what every object has; the rest is for others to judge. */
export function readHead(value: unknown, scope: Scope): Omit<ManifestObject, 'document' | 'line'> | undefined {
  if (!isMap(value)) return scope.under(headRules.object).refuse();
  const apiVersion = readNeeded(value, 'apiVersion', scope);
  const kind = readNeeded(value, 'kind', scope);
  const metadata = readMetadata(value, scope);
  if (apiVersion === undefined || kind === undefined || metadata === undefined) return undefined;
  return { apiVersion, kind, ...metadata, content: value };
}

function readNeeded(value: object, key: 'apiVersion' | 'kind', scope: Scope): string | undefined {
  const ruled = scope.at(key).under(headRules[key]);
  return Object.hasOwn(value, key) ? word.read((value as Record<string, unknown>)[key], ruled) : ruled.refuse();
}

function readMetadata(value: Readonly<Record<string, unknown>>, scope: Scope) {
  const { metadata } = value;
  const place = scope.at('metadata');
  if (!isMap(metadata)) return place.under(headRules.metadata).refuse();
  const ruled = place.at('name').under(headRules.name);
  const readName = Object.hasOwn(metadata, 'name') ? name.read(metadata['name'], ruled) : ruled.refuse();
  const namespace = Object.hasOwn(metadata, 'namespace')
    ? name.read(metadata['namespace'], place.at('namespace').under(headRules.namespace))
    : null;
  return readName === undefined || namespace === undefined ? undefined : { name: readName, namespace };
}
