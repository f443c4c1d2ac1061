import { type Findings, type Path, Scope } from '../rules/scope.js';
import type { ManifestContext, NamespaceContext } from './manifest-context.js';
import type { ManifestObject } from './manifest-object.js';
import { kindRule, namespaceCrossRules, versionRule } from './namespace/cross-rules.js';
import { metadata } from './namespace/metadata-rules.js';
import { hardened } from './namespace/hardened-pod.js';
import { objectKinds } from './namespace/object-rules.js';
import { plainContent } from './plain-content.js';
import { findBreaches } from './virtual/find-breaches.js';

type Head = Omit<ManifestObject, 'document' | 'line'>;
type Content = ManifestObject['content'];

/** An object in its file, and where what is found is told. */
export interface ManifestPlace {
  readonly path: Path;
  readonly findings: Findings;
}

/**
 * What of an object may be applied: in a namespace only what the rules name, hardened; in a cluster of the learner's own
 * everything, so far as nothing leads out of it. Undefined when a rule is broken.
 */
export function judgeManifest(object: Head, context: ManifestContext, place: ManifestPlace): Content | undefined {
  return context.isolation === 'namespace' ? judgeHosted(object, context, place) : judgeVirtual(object, place);
}

function judgeHosted(object: Head, context: NamespaceContext, { path, findings }: ManifestPlace): Content | undefined {
  const before = findings.broken.length;
  const whole = plainContent(object.content);
  const read = readHosted({ ...object, content: whole }, new Scope(kindRule, path, findings));
  for (const rule of namespaceCrossRules) {
    for (const breach of rule.find({ ...object, content: whole }, context)) {
      new Scope(rule, [...path, ...breach.path], findings).refuse(breach.message);
    }
  }
  return read && findings.broken.length === before ? hardened(object.kind, read) : undefined;
}

/** What every object has, and no table of a kind. */
const headKeys = ['apiVersion', 'kind', 'metadata'];

/** The object again, from what the tables of its kind allow. */
function readHosted({ apiVersion, kind, content }: Head, scope: Scope): Content | undefined {
  const versions = objectKinds.filter((one) => one.kind === kind);
  if (versions.length === 0) return scope.at('kind').refuse();
  const found = versions.find((one) => one.apiVersion === apiVersion);
  if (!found) return scope.at('apiVersion').under(versionRule).refuse();
  const fields = Object.entries(content).filter(([key]) => !headKeys.includes(key));
  const readMetadata = metadata.read(content['metadata'], scope.at('metadata'));
  const read = found.form.read(Object.fromEntries(fields), scope);
  return readMetadata && read ? { apiVersion, kind, metadata: readMetadata, ...read } : undefined;
}

function judgeVirtual(object: Head, { path, findings }: ManifestPlace): Content | undefined {
  const breaches = findBreaches(object);
  for (const breach of breaches) new Scope(breach.rule, [...path, ...breach.path], findings).refuse();
  return breaches.length === 0 ? object.content : undefined;
}
