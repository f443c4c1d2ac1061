import { isDeepStrictEqual } from 'node:util';
import type { Differences } from '@nalabo/infrastructure-port';
import { stringify } from 'yaml';
import type { KubeObject } from '../cluster/kube-object.js';
import { isFields, without, withoutServerFields, type Fields } from './server-fields.js';

/** Larger than any file; to write more of it as YAML would take seconds. */
const largestComparedText = 1024 * 1024;
/** Holds a whole earlier object, its secrets too. */
const clientAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

export interface Difference {
  readonly isChanged: boolean;
  /** Undefined without a change, and when it would be too long for what an answer tells. Values of Secrets are not in it. */
  readonly diff: string | undefined;
}

/** What applying would change of an object, by what the API itself says that it would become. */
export function compareObjects(live: KubeObject, applied: KubeObject, differences: Differences): Difference {
  const [before, after] = [comparable(live), comparable(applied)];
  if (isDeepStrictEqual(before, after)) return { isChanged: false, diff: undefined };
  const [shownBefore, shownAfter] = live.kind === 'Secret' ? maskValues(before, after) : [before, after];
  return { isChanged: true, diff: textDiff(shownBefore, shownAfter, differences) };
}

function textDiff(before: Fields, after: Fields, differences: Differences): string | undefined {
  if ([before, after].some((object) => JSON.stringify(object).length > largestComparedText)) return undefined;
  const write = (object: Fields): string => stringify(object, { sortMapEntries: true, lineWidth: 0 });
  return differences.between(() => [write(before), write(after)]);
}

function comparable(object: KubeObject): Fields {
  const { metadata, ...fields } = withoutServerFields(object);
  const { annotations, ...rest } = metadata;
  const notes = isFields(annotations) ? without(annotations, [clientAnnotation]) : {};
  return { ...fields, metadata: { ...rest, ...(Object.keys(notes).length > 0 ? { annotations: notes } : {}) } };
}

/** Shows which values of a Secret differ, and none of them. */
function maskValues(before: Fields, after: Fields): readonly [Fields, Fields] {
  const [one, other] = [valuesOf(before), valuesOf(after)];
  const mask = (values: Fields, others: Fields, mark: string): Fields =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, others[name] === value ? '***' : `*** (${mark})`]),
    );
  return [
    { ...before, data: mask(one, other, 'before') },
    { ...after, data: mask(other, one, 'after') },
  ];
}

function valuesOf({ data }: Fields): Fields {
  return isFields(data) ? data : {};
}
