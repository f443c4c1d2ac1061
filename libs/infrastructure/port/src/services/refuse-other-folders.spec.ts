import { describe, expect, it } from 'vitest';
import { refuseOtherFolders } from './refuse-other-folders.js';

describe('refuseOtherFolders', () => {
  it.each([
    ['a folder that is not claimed yet', { html: 0 }, { links: {}, others: [] }],
    ['a folder that is the link to its volume', { html: 2 }, { links: { html: 2 }, others: [] }],
    ['what stands in the place of a folder that is not mounted', {}, { links: {}, others: ['html'] }],
    ['a folder with the name of a property', { constructor: 0 }, { links: {}, others: [] }],
  ])('lets %s pass', (_, folders, look) => {
    expect(() => refuseOtherFolders(folders, look)).not.toThrow();
  });

  it.each([
    ['a file or a link to elsewhere', { html: 0 }, { links: {}, others: ['html'] }],
    ['a link to the volume of another folder', { html: 0, app: 1 }, { links: { html: 1, app: 1 }, others: [] }],
  ])('refuses %s, and names it', (_, folders, look) => {
    const refused = { kind: 'unprocessable', publicMessage: expect.stringMatching(/^In the place of html in/) };
    expect(() => refuseOtherFolders(folders, look)).toThrow(expect.objectContaining(refused));
  });
});
