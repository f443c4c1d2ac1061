import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { place, requireOffered, type PlacementCandidate, type PlacementWish } from './placement.js';

const docker = (name: string, liveSessions = 0, reachable = true): PlacementCandidate => ({
  name,
  kind: 'docker',
  reachable,
  liveSessions,
});
const wish: PlacementWish = { workshopTypes: ['docker'] };

function refusal(act: () => unknown): { kind: string; field: unknown } {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return { kind: error.kind, field: error.details.field };
  }
  throw new Error('nothing was refused');
}

describe('placement', () => {
  it('takes the reachable target with the fewest sessions', () => {
    const candidates = [docker('full', 9), docker('down', 0, false), docker('free', 2)];
    expect(place(wish, candidates).name).toBe('free');
  });

  it('takes the target that the caller names', () => {
    expect(place({ ...wish, target: 'full' }, [docker('full', 9), docker('free')]).name).toBe('full');
  });

  it('refuses a type without a target before it asks whether the workshop offers it', () => {
    expect(refusal(() => place({ ...wish, type: 'kubernetes' }, [docker('a')]))).toEqual({
      kind: 'unprocessable',
      field: 'infrastructureType',
    });
  });

  it('refuses a target that is not configured', () => {
    expect(refusal(() => place({ ...wish, target: 'b' }, [docker('a')]))).toEqual({
      kind: 'unprocessable',
      field: 'target',
    });
  });

  it('asks to come back when no suitable target can be reached', () => {
    expect(refusal(() => place(wish, [docker('a', 0, false)])).kind).toBe('unavailable');
  });

  it('refuses a type that the workshop does not run on', () => {
    expect(refusal(() => requireOffered({ ...wish, type: 'kubernetes' }, 'w')).field).toBe('infrastructureType');
    expect(() => requireOffered({ ...wish, type: 'docker' }, 'w')).not.toThrow();
  });
});
