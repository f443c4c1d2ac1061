import { AppError } from '@nalabo/kernel';
import { z } from 'zod';

/** What a program of an image may need beyond nothing. No more than these can be given. */
export const grantableCapabilities = ['CHOWN', 'SETUID', 'SETGID', 'DAC_OVERRIDE', 'NET_BIND_SERVICE'] as const;
export type GrantableCapability = (typeof grantableCapabilities)[number];

/** What an operator says of an image that services may run. */
export interface ImageRights {
  readonly capabilities: readonly GrantableCapability[];
  /** Absolute. Each gets an empty file system in memory: everything else of the image can only be read. */
  readonly writablePaths: readonly string[];
}

/** The images that services may run. */
export interface ImageCatalogue {
  /** @param reference As a Compose file writes it. */
  get(reference: string): ImageRights | undefined;
  readonly references: readonly string[];
}

/** The images that come with the platform, and the least with which their programs run. */
export const shippedImages: ImageCatalogue = catalogueOf({
  'nginx:alpine': {
    // It gives folders to its workers, becomes their user and listens on port 80.
    capabilities: ['CHOWN', 'SETGID', 'SETUID', 'NET_BIND_SERVICE'],
    writablePaths: ['/run', '/var/cache/nginx'],
  },
  // Its root writes into folders of the workspace, which belong to the learner.
  'node:18-alpine': { capabilities: ['DAC_OVERRIDE'], writablePaths: ['/root/.npm'] },
});

const imagesSchema = z.record(
  z.string().min(1),
  z.strictObject({
    capabilities: z.array(z.enum(grantableCapabilities)),
    writable: z.array(z.string().regex(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9_.-]+)+$/)),
  }),
);

/** @throws AppError `invalid_input` when what an operator has written is not of this form. */
export function parseImageCatalogue(written: unknown): ImageCatalogue {
  const parsed = imagesSchema.safeParse(written);
  if (!parsed.success) throw new AppError('invalid_input', `images: ${z.prettifyError(parsed.error)}`);
  const entries = Object.entries(parsed.data).map(
    ([reference, { capabilities, writable }]) => [reference, { capabilities, writablePaths: writable }] as const,
  );
  return catalogueOf(Object.fromEntries(entries));
}

export function catalogueOf(images: Readonly<Record<string, ImageRights>>): ImageCatalogue {
  const byReference = new Map(Object.entries(images));
  return { get: (reference) => byReference.get(reference), references: [...byReference.keys()] };
}
