import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SourceFile } from './size-report.js';

/** Tests may be longer, and migrations and snapshots are records of what was. */
const notMeasured = /(\.(spec|int-spec|e2e-spec|cases)\.ts$)|\/(migrations|snapshots)\//;

/** The hand-written source of every project of the workspace. */
export function readSourceFiles(root: string): SourceFile[] {
  return readProjects(root).flatMap((project) =>
    globSync(`${project}/src/**/*.{ts,mts,mjs}`, { cwd: root })
      .filter((path) => !notMeasured.test(path))
      .map((path) => ({ project, path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

function readProjects(root: string): string[] {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] };
  return globSync(
    workspaces.map((folder) => `${folder}/package.json`),
    { cwd: root },
  ).map(dirname);
}
