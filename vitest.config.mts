import { configDefaults, defineConfig } from 'vitest/config';

/** Libraries are tested from source: no build comes first, and a failing line is a line of the source. */
const shared = {
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  ssr: { resolve: { conditions: ['@nalabo/source', 'node', 'module', 'default'] } },
};
const setupFiles = [`${import.meta.dirname}/vitest.setup.mts`];

/** These need a cluster, which is not there everywhere. Each skips itself when KUBECONFIG is not set. */
const kubernetes = ['{apps,libs,tools}/**/kubernetes/**/*.int-spec.ts', 'e2e/src/kubernetes-*.e2e-spec.ts'];
const exclude = [...configDefaults.exclude, ...kubernetes];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{apps,libs,tools,e2e,bench}/**/src/**/*.spec.ts'],
          setupFiles,
          // Properties are tried on thousands of values, which a busy machine computes several times slower.
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{apps,libs,tools}/**/src/**/*.int-spec.ts'],
          exclude,
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
          exclude,
          setupFiles,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        ...shared,
        test: {
          name: 'kubernetes',
          include: kubernetes,
          setupFiles,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
