import { describe, expect, it } from 'vitest';
import { digestsOf, filesToRestore } from './files-to-restore.js';

const path = 'html/index.html';
const restored = (before: string | null, written: string | null, now: string | null) =>
  filesToRestore({ [path]: before }, digestsOf(new Map([[path, written]])), new Map([[path, now]]));

describe('a file of an apply that was cut off', () => {
  it.each([
    ['that it has written goes back to what it was', 'old', 'new', 'new', { [path]: 'old' }, []],
    ['that it has made goes away', null, 'new', 'new', { [path]: null }, []],
    ['that it has taken away comes back', 'old', null, null, { [path]: 'old' }, []],
    ['that it did not come to stays', 'old', 'new', 'old', {}, []],
    ['that it wrote as it was stays', 'old', 'old', 'old', {}, []],
    ['that was changed since then stays, and is told of', 'old', 'new', 'mine', {}, [path]],
    ['that was taken away since then stays away, and is told of', 'old', 'new', null, {}, [path]],
    ['that somebody has made since then stays, and is told of', null, 'new', 'mine', {}, [path]],
  ] as const)('%s', (_, before, written, now, files, kept) => {
    expect(restored(before, written, now)).toEqual({ files, kept });
  });

  it('of which nobody knows what was written stays', () => {
    expect(filesToRestore({ [path]: 'old' }, {}, new Map([[path, 'new']]))).toEqual({ files: {}, kept: [path] });
  });
});
