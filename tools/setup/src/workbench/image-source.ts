import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The descriptions of our images: one folder each, with a Dockerfile. */
export const IMAGE_SOURCES = join(import.meta.dirname, '../../../../deploy/images');

const HASH_LENGTH = 12;

export interface SourceFile {
  path: string;
  executable: boolean;
  content: Buffer;
}

/** Every file that describes an image. */
export async function readImageSource(directory: string): Promise<SourceFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<SourceFile> => {
        const path = join(entry.parentPath, entry.name);
        const { mode } = await stat(path);
        return { path: relative(directory, path), executable: (mode & 0o100) !== 0, content: await readFile(path) };
      }),
  );
}

/** Names an image by its description, in whatever order it was read, and by what it is made from besides. */
export function sourceHash(files: SourceFile[], ingredients: string[]): string {
  const parts = files.map(({ path, executable, content }) => `${path} ${executable} ${shortHash([content])}`);
  return shortHash([...ingredients, ...parts.sort()]);
}

export function shortHash(parts: (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part).update('\0');
  return digest.digest('hex').slice(0, HASH_LENGTH);
}
