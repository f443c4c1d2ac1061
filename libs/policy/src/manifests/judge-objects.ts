import type { Findings } from '../rules/scope.js';
import { toldOfModel } from '../rules/told-of-model.js';
import { judgeManifest } from './judge-manifest.js';
import type { ManifestContext } from './manifest-context.js';
import type { ManifestObject } from './manifest-object.js';
import type { ParsedManifests } from './parse-manifests.js';

/** Judges objects once more that were read from a file before: the place may allow less by now, or harden more. */
export function judgeObjects(objects: readonly ManifestObject[], context: ManifestContext): ParsedManifests {
  const findings: Findings = { broken: [], notes: [] };
  const judged = objects.flatMap((object) => {
    const content = judgeManifest(object, context, { path: [object.kind, object.name], findings });
    return content ? [{ ...object, content }] : [];
  });
  const violations = toldOfModel(findings.broken);
  return { objects: violations.length > 0 ? [] : judged, violations };
}
