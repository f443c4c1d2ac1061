import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shippedImages } from './image-catalogue.js';
import { readImageCatalogue } from './read-image-catalogue.js';

const inDeploy = join(import.meta.dirname, '../../../../../deploy/images.yaml');
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-images-'));
  file = join(folder, 'images.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file of the images', () => {
  it('in deploy says what targets allow that are given none', async () => {
    const written = await readImageCatalogue(inDeploy);
    expect(written.references).toEqual(shippedImages.references);
    for (const reference of shippedImages.references) {
      expect(written.get(reference)).toEqual(shippedImages.get(reference));
    }
  });

  it('allows what it names and nothing else', async () => {
    await writeFile(file, 'redis:7-alpine:\n  capabilities: [SETUID]\n  writable: [/data]\n');
    const images = await readImageCatalogue(file);
    expect(images.references).toEqual(['redis:7-alpine']);
    expect(images.get('redis:7-alpine')).toEqual({ capabilities: ['SETUID'], writablePaths: ['/data'] });
  });

  it.each(['images: [', 'a: { capabilities: [SYS_ADMIN], writable: [] }', '[nginx:alpine]', ''])(
    'is refused as %j',
    async (text) => {
      await writeFile(file, text);
      await expect(readImageCatalogue(file)).rejects.toMatchObject({ kind: 'invalid_input' });
    },
  );

  it('is refused when it is not there', async () => {
    await expect(readImageCatalogue(file)).rejects.toMatchObject({ kind: 'invalid_input' });
  });
});
