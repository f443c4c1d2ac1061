import type { Breach, CrossCheck } from '../rules/value-rule.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeFacts } from './compose-facts.js';
import { composeLimits } from './compose-limits.js';
import type { ComposeService, Mount } from './compose-model.js';
import { withoutUsualLinks } from './paths.js';

type Check = CrossCheck<ComposeFacts, ComposeContext>;

const volumeDeclared: Check = {
  id: 'compose.volume-declared',
  message: 'names a volume that the file does not have',
  hint: 'Add its name under volumes: at the end of the file.',
  examples: { accepted: 'volumes: ["data:/srv/data"]', refused: 'volumes: ["elsewhere:/srv/data"]' },
  find: ({ model, file }) =>
    breaches(model.services, ({ source }) => source.kind === 'volume' && !file.volumes?.includes(source.name)),
};

const mostFolders: Check = {
  id: 'compose.folders',
  message: `mounts more than ${composeLimits.folders} different folders`,
  hint: 'Put some of them into one folder, or use named volumes.',
  examples: {
    accepted: 'volumes: ["./a:/srv/a", "./b:/srv/b", "./a:/srv/c"]',
    refused: 'volumes: ["./a:/a", "./b:/b", "./c:/c", "./d:/d", "./e:/e", "./f:/f"]',
  },
  find: ({ model }) => {
    const surplus = new Set(model.folders.slice(composeLimits.folders));
    return breaches(model.services, ({ source }) => source.kind === 'folder' && surplus.has(source.folder));
  },
};

const nestedFolders: Check = {
  id: 'compose.nested-folders',
  message: 'mounts a folder that is inside another one that is mounted',
  hint: 'Mount the outer folder in both places, or put the two side by side.',
  examples: {
    accepted: 'volumes: ["./site:/srv/a", "./site-two:/srv/b"]',
    refused: 'volumes: ["./site:/srv/a", "./site/html:/srv/b"]',
  },
  find: ({ model: { services, folders } }) => {
    const isInside = (folder: string): boolean => folders.some((outer) => folder.startsWith(`${outer}/`));
    return breaches(services, ({ source }) => source.kind === 'folder' && isInside(source.folder));
  },
};

const singleFile: Check = {
  id: 'compose.single-file',
  message: 'mounts a single file',
  hint: 'Put the file into a folder of its own and mount the folder.',
  examples: { accepted: 'volumes: ["./conf.d:/srv/conf.d"]', refused: 'volumes: ["./app.js:/srv/app.js"]' },
  find: ({ model }, { files }) =>
    breaches(model.services, ({ source, target }) => {
      if (source.kind !== 'folder') return false;
      return files.has(source.folder) || isSameFile(source.folder, target);
    }),
};

const sameTarget: Check = {
  id: 'compose.same-target',
  message: 'mounts two things at the same place',
  hint: 'Give each of them a place of its own.',
  examples: {
    accepted: 'volumes: ["./a:/srv/a", "./a:/srv/b"]',
    refused: 'volumes: ["./a:/srv/a"]\ntmpfs: /srv/a/',
  },
  find: ({ model }) =>
    model.services.flatMap(({ name, mounts }) => {
      const targets = new Set(mounts.map(({ target }) => withoutUsualLinks(target)));
      return targets.size < mounts.length ? [{ path: ['services', name, 'volumes'] }] : [];
    }),
};

/** Whoever writes to the outer one could put a link in the place of the inner one, at the moment in which it is mounted. */
const nestedTargets: Check = {
  id: 'compose.nested-targets',
  message: 'mounts something at a place inside of another thing that is mounted',
  hint: 'Mount the two side by side.',
  examples: {
    accepted: 'volumes: ["./a:/srv/a", "data:/srv/data"]',
    refused: 'volumes: ["./a:/srv", "data:/srv/data"]',
  },
  find: ({ model }) =>
    model.services.flatMap(({ name, mounts }) => {
      const outer = mounts
        .filter(({ source }) => source.kind !== 'tmpfs')
        .map(({ target }) => `${withoutUsualLinks(target)}/`);
      const isInside = ({ target }: Mount): boolean =>
        outer.some((place) => withoutUsualLinks(target).startsWith(place));
      return mounts.some(isInside) ? [{ path: ['services', name, 'volumes'] }] : [];
    }),
};

export const mountChecks = [volumeDeclared, mostFolders, nestedFolders, singleFile, sameTarget, nestedTargets] as const;

/** One breach for each mount. Those of `volumes` stand before those of `tmpfs`, and at the same positions as in the file. */
function breaches(services: readonly ComposeService[], isBroken: (mount: Mount) => boolean): readonly Breach[] {
  return services.flatMap(({ name, mounts }) =>
    mounts.flatMap((mount, index) => (isBroken(mount) ? [{ path: ['services', name, 'volumes', index] }] : [])),
  );
}

/** Whether both sides end in the name of a file. Folders such as `conf.d` have a dot in their name as well. */
function isSameFile(source: string, target: string): boolean {
  const [name = '', other] = [source.split('/').at(-1), target.split('/').at(-1)];
  return name === other && /\.[A-Za-z0-9]{2,5}$/.test(name);
}
