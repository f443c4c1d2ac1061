import { byType, empty, flag, type Form, oneOf, readAs, text } from '../rules/form.js';
import { keysOf, type ReadTable, type RuleTable } from '../rules/rule-table.js';
import type { Scope } from '../rules/scope.js';
import { composeLimits } from './compose-limits.js';
import type { Mount, MountSource } from './compose-model.js';
import { folderSource, shortSource, volumeSource } from './mount-source.js';
import { mountTarget } from './mount-target.js';
import { bytes } from './quantities.js';
import { inServiceList } from './wrap-examples.js';

const { tmpfsBytes } = composeLimits;
const tmpfsSize = bytes(4096, tmpfsBytes.most);

const tmpfsRules = {
  size: {
    verdict: 'allowed',
    form: tmpfsSize,
    hint: 'What is in it counts as memory of the service.',
    examples: { accepted: 'size: 16m', refused: 'size: 64g' },
  },
} as const;

export const tmpfsTable = {
  id: 'compose.tmpfs',
  title: 'the options of a tmpfs',
  rules: tmpfsRules,
  required: [],
  wrap: (example) => inServiceList('volumes', 'type: tmpfs\ntarget: /srv/tmp\ntmpfs:\n')(`  ${example}`),
} as const satisfies RuleTable;

const bindRules = {
  create_host_path: { verdict: 'ignored', note: 'The folder is always made.', accepted: 'create_host_path: true' },
  propagation: {
    verdict: 'refused',
    reason: 'mounts stay where they are',
    hint: 'Leave it out.',
    examples: { accepted: 'create_host_path: false', refused: 'propagation: rshared' },
  },
  selinux: {
    verdict: 'refused',
    reason: 'it relabels files of the host',
    hint: 'Leave it out.',
    examples: { accepted: 'create_host_path: true', refused: 'selinux: z' },
  },
} as const;

export const bindTable = {
  id: 'compose.bind',
  title: 'the options of a bind',
  rules: bindRules,
  required: [],
  wrap: (example) => inServiceList('volumes', 'type: bind\nsource: ./html\ntarget: /srv/html\nbind:\n')(`  ${example}`),
} as const satisfies RuleTable;

const mountRules = {
  type: {
    verdict: 'allowed',
    form: oneOf(['volume', 'bind', 'tmpfs']),
    hint: 'Write volume, tmpfs, or bind for a folder beside the file.',
    examples: { accepted: 'type: volume', refused: 'type: npipe' },
  },
  source: {
    verdict: 'allowed',
    form: text({ longest: 255, says: 'the name of a volume, or a folder beside the file' }),
    hint: 'Write the name of a volume, or a folder such as ./html for a bind.',
    examples: { accepted: 'source: data', refused: 'source: [data]' },
  },
  target: {
    verdict: 'allowed',
    form: mountTarget,
    hint: 'Write an absolute path inside the container, such as /srv/html.',
    examples: { accepted: 'target: /srv/html', refused: 'target: /proc/sys' },
  },
  read_only: {
    verdict: 'allowed',
    form: flag,
    hint: 'Write true or false.',
    examples: { accepted: 'read_only: true', refused: 'read_only: maybe' },
  },
  bind: {
    verdict: 'allowed',
    form: byType<unknown>({ nothing: empty, map: keysOf(bindTable) }),
    hint: 'Leave it out.',
    examples: { accepted: 'bind: {}', refused: 'bind: shared' },
  },
  tmpfs: {
    verdict: 'allowed',
    form: keysOf(tmpfsTable),
    hint: 'Write the size, for example { size: 16m }.',
    examples: { accepted: 'tmpfs: {}', refused: 'tmpfs: 16m' },
  },
  consistency: { verdict: 'ignored', note: 'A folder is always consistent.', accepted: 'consistency: cached' },
} as const;

export const mountTable = {
  id: 'compose.mount',
  title: 'a mount in its long form',
  rules: mountRules,
  required: ['type', 'target'],
  wrap: (example) => {
    const type = /^(bind|tmpfs):/.exec(example)?.[1] ?? 'volume';
    const sources: Readonly<Record<string, string>> = { volume: 'data', bind: './html' };
    const others = Object.entries({ type, source: sources[type], target: '/srv/data' });
    const missing = others.filter(([key, value]) => value !== undefined && !example.startsWith(`${key}:`));
    return inServiceList('volumes', missing.map(([key, value]) => `${key}: ${value}\n`).join(''))(example);
  },
} as const satisfies RuleTable;

const shortText = text({ longest: 600, says: 'source:target, with :ro behind it where it is only read' });
const modes: Readonly<Record<string, boolean>> = { ro: true, rw: false };

const shortMount: Form<Mount> = readAs(shortText, (one, scope) => {
  const [source, target, mode = 'rw', ...rest] = one.split(':');
  if (source === undefined || target === undefined) return scope.refuse('has no source; name a volume or use tmpfs');
  const isReadOnly = Object.hasOwn(modes, mode) && rest.length === 0 ? modes[mode] : undefined;
  if (isReadOnly === undefined) scope.refuse('may end in :ro or :rw, and in nothing else');
  const [readSource, readTarget] = [shortSource.read(source, scope), mountTarget.read(target, scope)];
  if (!readSource || readTarget === undefined || isReadOnly === undefined) return undefined;
  return { source: readSource, target: readTarget, readOnly: isReadOnly };
});

const longMount: Form<Mount> = readAs(keysOf(mountTable), (read, scope) => {
  const { target, read_only: readOnly = false } = read;
  const source = sourceOf(read, scope);
  return source && target !== undefined ? { source, target, readOnly } : undefined;
});

function sourceOf(read: ReadTable<typeof mountRules>, scope: Scope): MountSource | undefined {
  const { type, source, tmpfs } = read;
  const misplaced = (['bind', 'tmpfs'] as const).find((key) => key !== type && read[key] !== undefined);
  if (misplaced) return scope.at(misplaced).refuse(`goes with type: ${misplaced}`);
  if (type === 'tmpfs') {
    const sizeBytes = tmpfs?.size ?? tmpfsBytes.default;
    return source === undefined ? { kind: 'tmpfs', sizeBytes } : scope.at('source').refuse('has no place in a tmpfs');
  }
  if (source === undefined) return scope.refuse('has no source; name a volume or use tmpfs');
  return (type === 'bind' ? folderSource : volumeSource).read(source, scope.at('source'));
}

export const mount: Form<Mount> = {
  ...byType({ text: shortMount, map: longMount }),
  says: 'source:target, or a map with type, source and target',
};

const tmpfsText = text({
  pattern: /^[^:]+(:size=[^:=,]+)?$/,
  longest: 300,
  says: 'a path, with its size as in /tmp:size=16m',
});

export const tmpfsMount: Form<Mount> = readAs(tmpfsText, (one, scope) => {
  const [path = '', size] = one.split(':size=');
  const target = mountTarget.read(path, scope);
  const sizeBytes = size === undefined ? tmpfsBytes.default : tmpfsSize.read(sizeValue(size), scope);
  if (target === undefined || sizeBytes === undefined) return undefined;
  return { source: { kind: 'tmpfs', sizeBytes }, target, readOnly: false };
});

/** A size in a text is a number of bytes when it has no unit. */
function sizeValue(size: string): string | number {
  return /^\d+$/.test(size) ? Number(size) : size;
}
