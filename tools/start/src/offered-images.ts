import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** The images that workshops in a folder name. A file that is none of a workshop names none: others complain about it. */
export async function offeredImages(folder: string): Promise<ReadonlySet<string>> {
  const images = new Set<string>();
  for await (const file of glob('*/workshop.yaml', { cwd: folder })) {
    for (const image of imagesIn(await readFile(join(folder, file), 'utf8'))) images.add(image);
  }
  return images;
}

function imagesIn(text: string): readonly string[] {
  const document = parseDocument(text);
  if (document.errors.length > 0) return [];
  const workshop: unknown = document.toJS();
  const images = typeof workshop === 'object' && workshop !== null && 'images' in workshop ? workshop.images : [];
  return Array.isArray(images) ? images.filter((image) => typeof image === 'string') : [];
}
