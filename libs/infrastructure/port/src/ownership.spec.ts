import { describe, expect, it } from 'vitest';
import { specFactory } from './conformance/spec-factory.js';
import { isOwned, ownershipOf, prefixedLabels, sessionObjectName } from './ownership.js';

const spec = specFactory(0)({ generation: 2, workshopId: 'git-basics', endsByEpochSeconds: 1_800_000_000 });
const prefix = 'io.nalabo.';
const labels = prefixedLabels(ownershipOf('here', spec), prefix);
const expected = { instance: 'here', sessionId: spec.sessionId };

describe('names', () => {
  it('are derived from the session id and fit a DNS label with the longest part', () => {
    expect(sessionObjectName(spec.sessionId)).toBe(`nalabo-session-${spec.sessionId}`);
    expect(sessionObjectName(spec.sessionId, 'f0')).toBe(`nalabo-session-${spec.sessionId}-f0`);
    expect(sessionObjectName(spec.sessionId, 'workspace').length).toBeLessThanOrEqual(63);
  });
});

describe('labels', () => {
  it('tell whose the object is and when it ends, as text', () => {
    expect(labels).toEqual({
      'io.nalabo.managed-by': 'nalabo',
      'io.nalabo.instance': 'here',
      'io.nalabo.session': spec.sessionId,
      'io.nalabo.generation': '2',
      'io.nalabo.workshop': 'git-basics',
      'io.nalabo.ends-by': '1800000000',
    });
  });

  it('prove ownership when all of them agree', () => {
    expect(isOwned(labels, prefix, expected)).toBe(true);
    expect(isOwned({ ...labels, unrelated: 'label' }, prefix, expected)).toBe(true);
  });

  it.each([
    ['without labels', {}],
    ['managed by something else', { ...labels, 'io.nalabo.managed-by': 'compose' }],
    ['of another installation', { ...labels, 'io.nalabo.instance': 'there' }],
    ['of another session', { ...labels, 'io.nalabo.session': 'a'.repeat(26) }],
    ['under another prefix', prefixedLabels(ownershipOf('here', spec), 'nalabo.io/')],
  ])('prove nothing on an object %s', (_, found) => {
    expect(isOwned(found, prefix, expected)).toBe(false);
  });
});
