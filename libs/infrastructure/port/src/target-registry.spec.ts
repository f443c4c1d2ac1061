import { describe, expect, it } from 'vitest';
import { MemoryTarget } from './memory/memory-target.js';
import { TargetRegistry } from './target-registry.js';

const first = new MemoryTarget({ name: 'first' });
const second = new MemoryTarget({ name: 'second' });

describe('TargetRegistry', () => {
  it('finds targets by name and keeps their order', () => {
    const registry = new TargetRegistry([first, second]);
    expect(registry.all()).toEqual([first, second]);
    expect(registry.find('second')).toBe(second);
    expect(registry.get('first')).toBe(first);
  });

  it('says that a target is unavailable when it is not configured, because it may come back', () => {
    const registry = new TargetRegistry([]);
    expect(registry.find('first')).toBeUndefined();
    expect(() => registry.get('first')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });

  it('refuses two targets of one name', () => {
    expect(() => new TargetRegistry([first, new MemoryTarget({ name: 'first' })])).toThrow(
      expect.objectContaining({ kind: 'invalid_input' }),
    );
  });
});
