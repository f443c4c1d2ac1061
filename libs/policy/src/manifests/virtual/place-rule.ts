import { type Form, isMap } from '../../rules/form.js';
import { type Path, Scope } from '../../rules/scope.js';
import type { Breach, ValueRule } from '../../rules/value-rule.js';

/** A rule about one place of an object, all else of which is left to its API. */
export interface PlaceRule extends ValueRule {
  /** Keys from where the rules begin, in the order of going down; `*` is every item of a list. */
  readonly at: readonly string[];
  /** What may stand there. Without one the place has to be empty. */
  readonly form?: Form<unknown>;
}

/** Where a rule is broken in a value. A null is a field without a value. */
export function breachesOf({ at, form, ...rule }: PlaceRule, value: unknown, from: Path): readonly Breach[] {
  return placesOf(value, at, from).flatMap((place) => {
    if (place.value === null || place.value === undefined) return [];
    const findings = { broken: [], notes: [] };
    const isAllowed = form?.read(place.value, new Scope(rule, place.path, findings)) !== undefined;
    return isAllowed ? [] : [{ path: place.path }];
  });
}

interface Place {
  readonly value: unknown;
  readonly path: Path;
}

function placesOf(value: unknown, [first, ...rest]: readonly string[], path: Path): readonly Place[] {
  if (first === undefined) return [{ value, path }];
  if (first === '*') {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((item, index) => placesOf(item, rest, [...path, index]));
  }
  return isMap(value) && Object.hasOwn(value, first) ? placesOf(value[first], rest, [...path, first]) : [];
}
