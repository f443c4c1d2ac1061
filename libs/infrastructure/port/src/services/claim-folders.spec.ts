import { describe, expect, it } from 'vitest';
import { claimFolders } from './claim-folders.js';

const nothing = { links: {}, filled: [] };

describe('claimFolders', () => {
  it.each([
    ['the first volumes to new folders', ['html', 'app'], {}, nothing, { html: 0, app: 1 }],
    ['a folder the volume that it has', ['app', 'html'], { html: 3 }, nothing, { html: 3, app: 0 }],
    ['back what is mounted no longer', ['new'], { old: 0 }, { links: { old: 0 }, filled: [0] }, { new: 0 }],
    ['no volume that holds what nobody has named', ['html'], {}, { links: {}, filled: [0, 1] }, { html: 2 }],
    [
      'a folder the volume to which it was moved',
      ['a', 'html'],
      {},
      { links: { html: 0 }, filled: [0] },
      { html: 0, a: 1 },
    ],
    ['a stored claim rather than a link', ['a'], { a: 2 }, { links: { a: 1 }, filled: [] }, { a: 2 }],
    ['no volume that does not exist', ['a'], {}, { links: { a: 9 }, filled: [] }, { a: 0 }],
    ['one volume to one folder only', ['a', 'b'], {}, { links: { a: 1, b: 1 }, filled: [] }, { a: 1, b: 0 }],
  ])('gives %s', (_, folders, current, look, claims) => {
    expect(claimFolders(folders, current, look)).toEqual(claims);
  });

  it('refuses a folder when every volume holds something of another', () => {
    const look = { links: {}, filled: [0, 1, 2, 3, 4] };
    expect(() => claimFolders(['a'], {}, look)).toThrow(expect.objectContaining({ kind: 'unprocessable' }));
  });

  it('is not led astray by the names of folders', () => {
    expect(claimFolders(['constructor'], {}, nothing)).toEqual({ constructor: 0 });
  });
});
