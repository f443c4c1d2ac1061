import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { offeredImages } from './offered-images.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-workshops-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function ship(id: string, text: string): Promise<void> {
  await mkdir(join(folder, id));
  await writeFile(join(folder, id, 'workshop.yaml'), text);
}

describe('the images that are offered', () => {
  it('are those of all workshops, each once', async () => {
    await ship('one', 'images: [nginx:alpine, node:18-alpine]');
    await ship('two', 'images: [nginx:alpine]');
    await ship('three', 'title: Three');
    expect([...(await offeredImages(folder))].sort()).toEqual(['nginx:alpine', 'node:18-alpine']);
  });

  it.each(['', 'images: [', 'images: nginx:alpine', 'images: { a: b }', '[images]', 'images: [7]'])(
    'are none in a file such as %j',
    async (text) => {
      await ship('broken', text);
      expect([...(await offeredImages(folder))]).toEqual([]);
    },
  );
});
