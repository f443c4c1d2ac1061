import { type DockerfileModel, writeDockerfile } from '@nalabo/policy';

export interface BuildMarks {
  /** On the image, on everything that is made on the way to it, and on the containers of its steps. */
  readonly labels: Readonly<Record<string, string>>;
  /** What each name of an image means: never a tag, which could come to stand for something else. */
  readonly bases: ReadonlyMap<string, string>;
}

/** The Dockerfile that an engine gets. Labels come first in each stage, so that nothing is made without them. */
export function buildText({ stages }: DockerfileModel, { labels, bases }: BuildMarks): string {
  const values = Object.entries(labels).map(([name, value]) => ({ name, value }));
  return writeDockerfile({
    stages: stages.map(({ name, base, steps }) => ({
      name,
      base: 'image' in base ? { image: bases.get(base.image) ?? base.image } : base,
      steps: [{ kind: 'label', values }, ...steps],
    })),
  });
}

/** The images that a Dockerfile begins its stages with. */
export function basesOf({ stages }: DockerfileModel): readonly string[] {
  return [...new Set(stages.flatMap(({ base }) => ('image' in base ? [base.image] : [])))];
}
