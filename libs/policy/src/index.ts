export { parseManifests } from './manifests/parse-manifests.js';
export type { ParsedManifests } from './manifests/parse-manifests.js';
export type { ManifestObject } from './manifests/manifest-object.js';
export type { PolicyViolation } from './violation.js';
