import { AppError, type ErrorKind } from '@nalabo/kernel';
import { anActor } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import type { CutOffApply } from './cut-off.store.js';
import { endWithoutSession, judgeCutOff, restoredEnd } from './judge-cut-off.js';

const cutOff: CutOffApply = {
  applyId: 'dead',
  sessionId: 's',
  actor: anActor(),
  type: 'compose',
  isBegun: true,
  files: {},
  written: {},
  after: null,
  attempts: 0,
};

describe('an apply that was cut off', () => {
  it.each([
    ['has finished when the session holds its model', {}, 'dead', 'finished'],
    ['has finished when the session holds its manifests', { type: 'yaml' }, 'dead', 'finished'],
    ['has failed when it had changed nothing', { isBegun: false }, 'another', 'failed'],
    ['is abandoned when manifests of it stay', { type: 'yaml' }, 'another', 'abandoned'],
  ] as const)('%s', (_, overrides, appliedBy, state) => {
    expect(judgeCutOff({ ...cutOff, ...overrides }, appliedBy)).toMatchObject({ state });
  });

  it.each(['another', null])('has to be taken back when the session holds what %s applied', (appliedBy) => {
    expect(judgeCutOff(cutOff, appliedBy)).toBeNull();
  });

  it('names the files that were left alone, but not all of many', () => {
    expect(restoredEnd([]).reason).not.toContain('left alone');
    expect(restoredEnd(['a', 'b']).reason).toMatch(/left alone: a, b\.$/);
    const paths = Array.from({ length: 12 }, (_, index) => `f${index}`);
    expect(restoredEnd(paths).reason).toMatch(/f8, f9 and 2 more\.$/);
  });

  it.each<[ErrorKind, string | undefined]>([
    ['gone', 'abandoned'],
    ['not_found', 'abandoned'],
    ['conflict', undefined],
    ['unavailable', undefined],
    ['timeout', undefined],
  ])('whose session answers %s ends as %s', (kind, state) => {
    expect(endWithoutSession(new AppError(kind, 'x'))?.state).toBe(state);
  });
});
