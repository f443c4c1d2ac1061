import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WorkshopContent } from '@nalabo/contracts';
import { parseWorkshopFile } from './workshop-file.js';

/** Reads a `workshop.yaml` and what it names of the folder that it lies in. @throws AppError `invalid_input` */
export async function readWorkshop(file: string): Promise<WorkshopContent> {
  const folder = dirname(file);
  const beside = new Map<string, string>();
  for await (const entry of glob('**/*', { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    beside.set(path.slice(folder.length + 1), await readFile(path, 'utf8'));
  }
  return parseWorkshopFile(await readFile(file, 'utf8'), file, beside);
}
