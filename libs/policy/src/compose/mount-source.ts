import { type Form, readAs, text } from '../rules/form.js';
import type { RuleGroup, ValueRule } from '../rules/value-rule.js';
import type { MountSource } from './compose-model.js';
import { objectName } from './names.js';
import { inService } from './wrap-examples.js';

const hostPath: ValueRule = {
  id: 'compose.mount.host-path',
  message: 'is a path of the host',
  hint: 'Write a folder beside the file, such as ./html, or the name of a volume.',
  examples: {
    accepted: 'volumes: ["./html:/srv/html"]',
    refused: 'volumes: ["/var/run/docker.sock:/s"]',
  },
};
const parentPath: ValueRule = {
  id: 'compose.mount.parent-path',
  message: 'leads out of the workspace',
  hint: 'Write a folder inside the workspace, such as ./html.',
  examples: { accepted: 'volumes: ["./site/html:/srv/html"]', refused: 'volumes: ["./html/../..:/srv/html"]' },
};
const folderName: ValueRule = {
  id: 'compose.mount.folder-name',
  message: 'is no plain path of a folder',
  hint: 'Use letters, digits, -, _ and . in each name, at most four levels, and no name that begins with a dot.',
  examples: { accepted: 'volumes: ["./web-1/html:/srv/html"]', refused: 'volumes: ["./.folders/0:/srv/html"]' },
};

export const mountSourceRules: RuleGroup = {
  title: 'what is mounted',
  rules: [hostPath, parentPath, folderName],
  wrap: inService,
};

const folderPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*){0,3}$/;
const path = text({ longest: 255, says: 'a folder beside the file, such as ./html' });

/** A folder of the workspace. It never becomes a path of the host. */
export const folderSource: Form<MountSource> = readAs(path, (one, scope) => {
  if (/^[/~]|\\/.test(one)) return scope.under(hostPath).refuse();
  if (one.split('/').includes('..')) return scope.under(parentPath).refuse();
  if (/^\.\/?$/.test(one)) return { kind: 'workspace' };
  const folder = one.replace(/^\.\//, '').replace(/\/$/, '');
  if (!one.startsWith('./') || folder.length > 100 || !folderPattern.test(folder)) {
    return scope.under(folderName).refuse();
  }
  return { kind: 'folder', folder };
});

export const volumeSource: Form<MountSource> = readAs(objectName, (name) => ({ kind: 'volume', name }));

/** The part of the short form before the first colon, where only a sign tells a folder from a volume. */
export const shortSource: Form<MountSource> = readAs(path, (one, scope) =>
  /^[./~]|\\/.test(one) ? folderSource.read(one, scope) : volumeSource.read(one, scope),
);
