import { isMap } from '../../rules/form.js';
import type { Path } from '../../rules/scope.js';
import { itemsOf, podPlaces } from '../pod-places.js';

type Fields = Readonly<Record<string, unknown>>;

/** A folder that says no limit of its own. */
const folderLimit = '256Mi';

/**
 * Adds what the cluster demands of every pod in the namespace of a session and hardly any manifest says. Nothing that a
 * learner may write is overridden but the capabilities that are dropped.
 */
export function hardened(kind: string, content: Fields): Fields {
  const place = Object.hasOwn(podPlaces, kind) ? podPlaces[kind] : undefined;
  return place ? changedAt(content, place, hardenedSpec) : content;
}

function changedAt(fields: Fields, [first, ...rest]: Path, change: (fields: Fields) => Fields): Fields {
  if (first === undefined) return change(fields);
  const inner = fields[first];
  return isMap(inner) ? { ...fields, [first]: changedAt(inner, rest, change) } : fields;
}

function hardenedSpec(spec: Fields): Fields {
  const lists = ['initContainers', 'containers', 'volumes'] as const;
  const changed = lists
    .filter((list) => list in spec)
    .map((list) => [list, itemsOf(spec[list]).map(list === 'volumes' ? limitedVolume : hardenedContainer)]);
  return {
    ...spec,
    ...Object.fromEntries(changed),
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      ...fieldsOf(spec['securityContext']),
    },
  };
}

function hardenedContainer(container: unknown): Fields {
  const fields = fieldsOf(container);
  const security = fieldsOf(fields['securityContext']);
  const capabilities = { ...fieldsOf(security['capabilities']), drop: ['ALL'] };
  return { ...fields, securityContext: { ...security, allowPrivilegeEscalation: false, capabilities } };
}

function limitedVolume(volume: unknown): Fields {
  const fields = fieldsOf(volume);
  const { emptyDir } = fields;
  return isMap(emptyDir) ? { ...fields, emptyDir: { sizeLimit: folderLimit, ...emptyDir } } : fields;
}

const fieldsOf = (value: unknown): Fields => (isMap(value) ? value : {});
