import type { ComposeContext } from './compose-context.js';

/** Where the examples of the rules are read. */
export const exampleContext: ComposeContext = {
  images: ['nginx:alpine', 'node:18-alpine'],
  resources: { cpuMillis: 1000, memoryBytes: 2 ** 30, processes: 256 },
  files: new Set(['index.js']),
};
