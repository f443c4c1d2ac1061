import { AppError } from '@nalabo/kernel';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type ImageCatalogue, parseImageCatalogue } from './image-catalogue.js';

/**
 * Reads the file in which an operator says what images services may run.
 * @throws AppError `invalid_input` when it cannot be read as such.
 */
export async function readImageCatalogue(file: string): Promise<ImageCatalogue> {
  return parseImageCatalogue(await contentOf(file));
}

async function contentOf(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid_input', `${file} does not say what images there are: ${reason}`, { cause });
  }
}
