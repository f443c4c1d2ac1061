import {
  infrastructureTypeSchema,
  isolationSchema,
  type InfrastructureType,
  type Resources,
  type WorkshopView,
} from '@nalabo/contracts';
import { AppError, parseBytes, parseCpuMillicores } from '@nalabo/kernel';
import { defaultDurationMinutes, defaultResources } from '@nalabo/session';
import { parse } from 'yaml';
import { z } from 'zod';
import { shippedComposeSchema, shippedPathSchema, type ShippedCompose } from './shipped-compose.js';
import { workshopChecksSchema } from './workshop-checks.js';

export const workshopIdPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const quantities = (isQuantity: (text: string) => number | undefined) =>
  z.string().refine((text) => (isQuantity(text) ?? 0) > 0, 'must be a positive quantity');
const cpu = quantities(parseCpuMillicores);
const bytes = quantities(parseBytes);

const defaultsSchema = z.strictObject({ cpu, memory: bytes, storage: bytes }).partial();

/** What a workshop is and where it runs. */
const fields = {
  id: z.string().regex(workshopIdPattern),
  title: z.string().min(1).max(200),
  description: z.string().max(4000).default(''),
  infrastructure: z.array(infrastructureTypeSchema).min(1),
  durationMinutes: z
    .strictObject({ default: z.number().int().positive(), maximum: z.number().int().positive() })
    .default({ default: defaultDurationMinutes, maximum: 2 * defaultDurationMinutes }),
  resources: z
    .strictObject({
      default: z.partialRecord(infrastructureTypeSchema, defaultsSchema).default({}),
      maximum: z
        .strictObject({ cpu, memory: bytes, storage: bytes })
        .default({ cpu: '4000m', memory: '8Gi', storage: '50Gi' }),
    })
    .prefault({}),
  /** What only a cluster needs to know. Without an isolation the target decides. */
  kubernetes: z.strictObject({ isolation: isolationSchema.nullable().default(null) }).prefault({}),
  checks: workshopChecksSchema.default([]),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/), z.string()).default({}),
  /** Those that Compose files of its sessions may name, exactly as they name them. */
  images: z.array(z.string().min(1).max(255)).max(20).default([]),
};

/** A workshop as it is stored, with everything that it ships. */
export const workshopFileSchema = z
  .strictObject({ ...fields, compose: shippedComposeSchema.nullable().default(null) })
  .refine(runsItsServices, {
    message: 'must have docker, where images and Compose files are used',
    path: ['infrastructure'],
  });
export type WorkshopFile = z.infer<typeof workshopFileSchema>;

/** `workshop.yaml`, which names what is shipped by the paths of files beside it. */
const descriptionSchema = z.strictObject({
  ...fields,
  compose: shippedPathSchema.nullable().default(null),
  files: z.array(shippedPathSchema).default([]),
});

/**
 * @param beside The content of the files in the folder of the workshop, by their paths.
 * @throws AppError `invalid_input` naming the file and each fault in it.
 */
export function parseWorkshopFile(
  text: string,
  file: string,
  beside: ReadonlyMap<string, string> = new Map(),
): WorkshopFile {
  const { files, ...description } = kept(descriptionSchema.safeParse(parse(text)), file);
  const compose = description.compose === null ? null : shippedCompose(description.compose, files, beside);
  return kept(workshopFileSchema.safeParse({ ...description, compose }), file);
}

function kept<T>(result: z.ZodSafeParseResult<T>, file: string): T {
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_input', `${file} is not a workshop: ${faults.join('; ')}`);
}

/** @throws AppError `invalid_input` for a file that is not there. */
function shippedCompose(name: string, files: readonly string[], beside: ReadonlyMap<string, string>): ShippedCompose {
  const contentOf = (path: string): string => {
    const content = beside.get(path);
    if (content === undefined) throw new AppError('invalid_input', `there is no ${path} in the folder of the workshop`);
    return content;
  };
  return { text: contentOf(name), files: Object.fromEntries(files.map((path) => [path, contentOf(path)])) };
}

function runsItsServices({
  infrastructure,
  images,
  compose,
}: {
  infrastructure: readonly InfrastructureType[];
  images: readonly string[];
  compose: ShippedCompose | null;
}): boolean {
  return infrastructure.includes('docker') || (images.length === 0 && compose === null);
}

export function resourcesFor(workshop: WorkshopFile, type: InfrastructureType): Resources {
  const own = workshop.resources.default[type] ?? {};
  const fallback = defaultResources[type];
  return {
    cpu: own.cpu ?? fallback.cpu,
    memory: own.memory ?? fallback.memory,
    storage: own.storage ?? fallback.storage,
  };
}

export function toWorkshopView(workshop: WorkshopFile, revision: number): WorkshopView {
  return {
    id: workshop.id,
    revision,
    title: workshop.title,
    description: workshop.description,
    infrastructureTypes: workshop.infrastructure,
    defaultDurationMinutes: workshop.durationMinutes.default,
    maximumDurationMinutes: workshop.durationMinutes.maximum,
    defaultResources: Object.fromEntries(workshop.infrastructure.map((type) => [type, resourcesFor(workshop, type)])),
    checks: workshop.checks.map(({ id, title }) => ({ id, title })),
  };
}
