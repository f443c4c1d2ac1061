import { yamlLimits } from '../yaml/yaml-limits.js';
import { judgeManifest } from './judge-manifest.js';
import type { ManifestContext } from './manifest-context.js';
import { type ParsedManifests, parseManifests } from './parse-manifests.js';

/** What a file of manifests may be. */
export const manifestLimits = { ...yamlLimits, bytes: 256 * 1024, documents: 30, objects: 30 } as const;

/** Reads a file of a learner by the rules of his session: every object as it may be applied, or everything that is wrong. */
export function readManifests(text: string, context: ManifestContext): ParsedManifests {
  return parseManifests(text, {
    limits: manifestLimits,
    mostObjects: manifestLimits.objects,
    judge: (object, place) => judgeManifest(object, context, place),
  });
}
