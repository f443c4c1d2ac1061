import { actorSchema, sessionViewSchema } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { aSessionView, anActor } from './builders.js';

describe('the builders', () => {
  it('make values that their schemas accept', () => {
    expect(sessionViewSchema.safeParse(aSessionView()).error).toBeUndefined();
    expect(actorSchema.safeParse(anActor({ role: 'admin' })).error).toBeUndefined();
  });
});
