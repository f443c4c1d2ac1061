import { type WorkshopContent, workshopContentSchema } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { parse } from 'yaml';
import { z } from 'zod';
import { shippedPathSchema } from './shipped-path.js';

/** In parts too, so that checks of a workshop share what theirs have in common through an anchor of YAML. */
const scriptSchema = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((script) => (typeof script === 'string' ? script : script.join('\n')));

/** `workshop.yaml`: as a workshop is stored, with paths of files beside it in place of their content. */
const descriptionSchema = z.looseObject({
  checks: z.array(z.looseObject({ script: scriptSchema })).optional(),
  compose: shippedPathSchema.nullish(),
  manifests: shippedPathSchema.nullish(),
  files: z.array(shippedPathSchema).optional(),
});

type Beside = ReadonlyMap<string, string>;

/**
 * @param beside The content of the files in the folder of the workshop, by their paths.
 * @throws AppError `invalid_input` naming the file and each fault in it.
 */
export function parseWorkshopFile(text: string, file: string, beside: Beside = new Map()): WorkshopContent {
  const { compose, manifests, files, ...description } = kept(descriptionSchema.safeParse(parse(text)), file);
  const brought = {
    compose: compose == null ? null : { text: contentOf(compose, beside) },
    manifests: manifests == null ? null : { text: contentOf(manifests, beside) },
    files: Object.fromEntries((files ?? []).map((path) => [path, contentOf(path, beside)])),
  };
  return kept(workshopContentSchema.safeParse({ ...description, ...brought }), file);
}

function kept<T>(result: z.ZodSafeParseResult<T>, file: string): T {
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_input', `${file} is not a workshop: ${faults.join('; ')}`);
}

/** @throws AppError `invalid_input` for a file that is not there. */
function contentOf(path: string, beside: Beside): string {
  const content = beside.get(path);
  if (content !== undefined) return content;
  throw new AppError('invalid_input', `there is no ${path} in the folder of the workshop`);
}
