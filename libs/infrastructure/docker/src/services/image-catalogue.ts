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

/** The images that come with what their programs need to run as the images' authors meant them to. */
export const shippedImages: ImageCatalogue = catalogueOf({
  'nginx:alpine': {
    capabilities: ['CHOWN', 'SETUID', 'SETGID', 'NET_BIND_SERVICE'],
    writablePaths: ['/var/cache/nginx', '/run'],
  },
  'node:18-alpine': { capabilities: [], writablePaths: ['/root', '/home/node'] },
});

export function catalogueOf(images: Readonly<Record<string, ImageRights>>): ImageCatalogue {
  const byReference = new Map(Object.entries(images));
  return { get: (reference) => byReference.get(reference), references: [...byReference.keys()] };
}
