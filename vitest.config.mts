import { defineConfig } from 'vitest/config';

/** Libraries are tested from source: no build comes first, and a failing line is a line of the source. */
const shared = {
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  ssr: { resolve: { conditions: ['@nalabo/source', 'node', 'module', 'default'] } },
};
const setupFiles = [`${import.meta.dirname}/vitest.setup.mts`];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: { name: 'unit', include: ['{apps,libs,tools,e2e,bench}/**/src/**/*.spec.ts'], setupFiles },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{apps,libs,tools}/**/src/**/*.int-spec.ts'],
          setupFiles,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'journey',
          include: ['e2e/src/**/*.e2e-spec.ts'],
          setupFiles,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
