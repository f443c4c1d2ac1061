import { parseImageCatalogue, shippedImages } from '@nalabo/infrastructure-docker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readWorkshop } from './read-workshop.js';

const root = join(import.meta.dirname, '../../../..');
const written = parseImageCatalogue(parse(readFileSync(join(root, 'deploy/images.yaml'), 'utf8')));

describe('the list of images in deploy', () => {
  it('says what targets allow that are given none', () => {
    expect(written.references).toEqual(shippedImages.references);
    for (const reference of shippedImages.references) {
      expect(written.get(reference)).toEqual(shippedImages.get(reference));
    }
  });

  it.each(['compose-web', 'write-compose'])('has the images of %s', async (id) => {
    const { images } = await readWorkshop(join(root, 'workshops', id, 'workshop.yaml'));
    expect(images.filter((image) => written.get(image) === undefined)).toEqual([]);
  });
});
