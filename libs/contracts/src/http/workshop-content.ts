import { parseBytes, parseCpuMillicores } from '@nalabo/kernel';
import { z } from 'zod';
import { type InfrastructureType, infrastructureTypeSchema, isolationSchema } from '../vocabulary.js';
import { applyFilesSchema } from './apply-configuration.js';
import { httpLimits } from './limits.js';
import { environmentSchema, processTextSchema } from './text.js';
import { workshopChecksSchema } from './workshop-checks.js';

export const workshopLimits = {
  titleCharacters: 200,
  descriptionCharacters: 4000,
  images: 20,
  imageCharacters: 255,
  /** Of all that a workshop brings, as JSON. */
  broughtBytes: 512 * 1024,
} as const;

const defaultMinutes = 240;

export const workshopIdSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and hyphens')
  .refine((id) => id !== 'sessions', 'is the path of something else');

const quantitySchema = (parse: (text: string) => number | undefined) =>
  z
    .string()
    .max(32)
    .refine((text) => (parse(text) ?? 0) > 0, 'must be a positive quantity');
const cpu = quantitySchema(parseCpuMillicores);
const bytes = quantitySchema(parseBytes);
const resourcesSchema = z.strictObject({ cpu, memory: bytes, storage: bytes });
const largestResources = { cpu: '4000m', memory: '8Gi', storage: '50Gi' };

const minutes = z.number().int().positive().max(httpLimits.durationMinutes.maximum);

/** What a workshop is and where it runs. */
const workshopFields = {
  title: processTextSchema.min(1).max(workshopLimits.titleCharacters),
  description: processTextSchema.max(workshopLimits.descriptionCharacters).default(''),
  infrastructure: z.array(infrastructureTypeSchema).min(1),
  durationMinutes: z
    .strictObject({ default: minutes, maximum: minutes })
    .default({ default: defaultMinutes, maximum: 2 * defaultMinutes }),
  resources: z
    .strictObject({
      default: z.partialRecord(infrastructureTypeSchema, resourcesSchema.partial()).default({}),
      maximum: resourcesSchema.default(largestResources),
    })
    .prefault({}),
  kubernetes: z
    .strictObject({ isolation: isolationSchema.nullable().default(null) })
    .prefault({})
    .describe('what only a cluster needs to know; without an isolation the target decides'),
  checks: workshopChecksSchema.default([]),
  environment: environmentSchema.default({}),
  images: z
    .array(processTextSchema.min(1).max(workshopLimits.imageCharacters))
    .max(workshopLimits.images)
    .default([])
    .describe('those that files applied in its sessions may name, exactly as they name them'),
};

const configurationSchema = z.strictObject({ text: processTextSchema.min(1) });

/** What is there when a session of the workshop is ready for the first time. */
const broughtFields = {
  compose: configurationSchema.nullable().default(null).describe('the Compose file, applied where there is no cluster'),
  manifests: configurationSchema.nullable().default(null).describe('objects of Kubernetes, applied where there is one'),
  files: applyFilesSchema.default({}).describe('text by path in the workspace, where there is no cluster'),
};

type Brought = Pick<z.infer<typeof contentSchema>, 'infrastructure' | 'compose' | 'manifests' | 'files'>;

const contentSchema = z.strictObject({ id: workshopIdSchema, ...workshopFields, ...broughtFields });

/** A workshop as it is stored, with everything that it brings. */
export const workshopContentSchema = withRules(contentSchema);
export type WorkshopContent = z.infer<typeof workshopContentSchema>;

/** Body of `PUT /api/workshops/{id}`. */
export const putWorkshopSchema = withRules(contentSchema.extend({ id: workshopIdSchema.optional() }));
export type PutWorkshop = z.infer<typeof putWorkshopSchema>;

function withRules<Output extends Brought, Input>(schema: z.ZodType<Output, Input>): z.ZodType<Output, Input> {
  return schema
    .refine((workshop) => has(workshop, 'docker') || (!workshop.compose && Object.keys(workshop.files).length === 0), {
      message: 'must have docker, where Compose files are applied and files are brought',
      path: ['infrastructure'],
    })
    .refine((workshop) => has(workshop, 'kubernetes') || !workshop.manifests, {
      message: 'must have kubernetes, where manifests are applied',
      path: ['infrastructure'],
    })
    .refine(({ compose, manifests, files }) => fits({ compose, manifests, files }), {
      message: `must take at most ${workshopLimits.broughtBytes} bytes with the Compose file and the manifests`,
      path: ['files'],
    });
}

function has({ infrastructure }: Brought, type: InfrastructureType): boolean {
  return infrastructure.includes(type);
}

function fits(brought: Omit<Brought, 'infrastructure'>): boolean {
  return Buffer.byteLength(JSON.stringify(brought)) <= workshopLimits.broughtBytes;
}
