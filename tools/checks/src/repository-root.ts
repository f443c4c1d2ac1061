import { resolve } from 'node:path';

/** The folder that holds the workspace; the same from the source and from the build. */
export const repositoryRoot = resolve(import.meta.dirname, '../../..');
