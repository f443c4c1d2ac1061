import type { ManifestObject } from '@nalabo/infrastructure-port';
import type { KubeObject } from '../cluster/kube-object.js';
import { labelPrefix } from '../session/session-names.js';
import { isBuiltIn } from './built-in-namespaces.js';
import { isFields, withoutServerFields, type Fields } from './server-fields.js';

/** On everything that was applied for a learner; the value is the session. */
export const appliedLabel = `${labelPrefix}applied`;

/**
 * The kind that was applied. Controllers copy labels and annotations to objects of other kinds that they make, which are
 * not the learner's to remove.
 */
export const appliedKindAnnotation = `${labelPrefix}applied-kind`;

/** Who owns the fields that a learner has applied. */
export const learnerFieldManager = 'nalabo-learner';

type Texts = Readonly<Record<string, string>>;

/** The object as it is sent: in its namespace, with our marks, without what only the API may say. */
export function appliedForm(object: ManifestObject, namespace: string | null, sessionId: string): KubeObject {
  const { apiVersion, kind, name, content } = object;
  const { metadata, ...fields } = withoutServerFields(withoutNulls(content) as Fields);
  const sent = { ...metadata, name, ...(namespace === null ? {} : { namespace }) };
  const isOurs = !isBuiltIn({ apiVersion, kind, name });
  return { ...fields, apiVersion, kind, metadata: isOurs ? marked(sent, kind, sessionId) : sent };
}

function marked(metadata: Fields & { readonly name: string }, kind: string, sessionId: string): KubeObject['metadata'] {
  const labels = isFields(metadata['labels']) ? metadata['labels'] : {};
  const annotations = isFields(metadata['annotations']) ? metadata['annotations'] : {};
  return {
    ...metadata,
    labels: { ...(labels as Texts), [appliedLabel]: sessionId },
    annotations: { ...(annotations as Texts), [appliedKindAnnotation]: kind },
  };
}

/** A null would say that the learner owns the field and clears it; as a rule it is only a field without a value. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}
