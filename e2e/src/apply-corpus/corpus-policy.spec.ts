import { type ManifestContext, type PolicyViolation, readCompose, readDockerfile, readManifests } from '@nalabo/policy';
import { describe, expect, it } from 'vitest';
import { composeRows } from './compose-rows.cases.js';
import { type Breach, type CorpusRow, placed } from './corpus-row.js';
import { dockerfileRows } from './dockerfile-rows.cases.js';
import { manifestRows } from './manifest-rows.cases.js';

const place = { listener: '127.0.0.1:1', session: 'a'.repeat(26) };
const images = ['nginx:alpine', 'node:18-alpine'];
const resources = { cpuMillis: 500, memoryBytes: 2 ** 29, processes: 256 };

const contexts: readonly ManifestContext[] = [
  { isolation: 'virtual' },
  { isolation: 'namespace', namespace: 'nalabo-session-example', images, hostSuffix: 'labs.example.org' },
];

const breachesOf = (violations: readonly PolicyViolation[]): readonly Breach[] =>
  violations.map(({ rule, path, line }) => [rule, path, line]);

function judged({ type, configuration }: CorpusRow): readonly Breach[] {
  const text = placed(configuration, place);
  const read =
    type === 'compose'
      ? readCompose(text, { images, resources, files: new Set() })
      : readDockerfile(text, { images, files: new Map() });
  return 'violations' in read ? breachesOf(read.violations) : [];
}

describe.each(contexts)('in a session with isolation $isolation, manifests with', (context) => {
  it.each(manifestRows)('$id: $what', ({ configuration, [context.isolation]: breaches }) => {
    expect(breachesOf(readManifests(placed(configuration, place), context).violations)).toEqual(breaches);
  });
});

describe('before anything is sent', () => {
  it.each([...composeRows, ...dockerfileRows])('$id: $what is judged', (row) => {
    expect(judged(row)).toEqual(row.expected.outcome === 'refused' ? row.expected.breaks : []);
  });
});
