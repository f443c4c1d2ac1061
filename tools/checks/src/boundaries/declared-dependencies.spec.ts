import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../repository-root.js';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');
const parse = <T>(path: string): T => JSON.parse(read(path)) as T;
const manifests = globSync('{apps,libs,tools}/*/package.json', { cwd: repositoryRoot }).concat(
  globSync('{libs/infrastructure/*,bench}/package.json', { cwd: repositoryRoot }),
);

/** The files that a project is built from: a build waits for the builds that its manifest names, and for no others. */
function builtFiles(folder: string): string[] {
  const { include, exclude } = parse<{ include: string[]; exclude: string[] }>(join(folder, 'tsconfig.json'));
  return globSync(include, { cwd: join(repositoryRoot, folder), exclude }).map((file) => join(folder, file));
}

function ownImports(file: string): string[] {
  return [...read(file).matchAll(/from '(@nalabo\/[a-z-]+)/g)].map(([, name = '']) => name);
}

describe('what a project is built from', () => {
  it.each(manifests.map((path) => [dirname(path), path]))(
    '%s names every library of ours that it imports',
    (folder, path) => {
      const { name, dependencies = {} } = parse<Manifest>(path);
      const undeclared = builtFiles(folder).flatMap((file) =>
        ownImports(file)
          .filter((imported) => imported !== name && !Object.hasOwn(dependencies, imported))
          .map((imported) => `${file} imports ${imported}`),
      );
      expect(undeclared).toEqual([]);
    },
  );
});
