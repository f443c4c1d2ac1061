const ENGINE_LINK = /^(docker0|br-[0-9a-f]{12})$/;
const ENGINE_RULE = /\b(docker0|br-[0-9a-f]{12})\b|\bDOCKER\b/;
const ENGINE_CHAIN = /^:(DOCKER\S*) /;
const BUILT_IN_POLICY = /^:FORWARD (ACCEPT|DROP) /;

/**
 * The firewall commands that take an engine's traces back, given the output of `iptables-save` before its start and
 * after its stop. Rules that others added in between stay, which restoring the whole earlier state would not grant.
 */
export function firewallUndo(before: string, after: string): string[][] {
  const earlier = tables(before);
  return [...tables(after)].flatMap(([table, lines]) => tableUndo(table, earlier.get(table) ?? [], lines));
}

function tableUndo(table: string, before: string[], after: string[]): string[][] {
  const known = new Set(before.map(withoutCounters));
  const added = after.filter((line) => !known.has(withoutCounters(line)));
  const rules = added.filter((line) => line.startsWith('-A ') && ENGINE_RULE.test(line));
  const chains = added.flatMap((line) => ENGINE_CHAIN.exec(line)?.[1] ?? []);
  const commands = [
    ...rules.map((rule) => ['-D', ...rule.slice('-A '.length).split(' ')]),
    ...chains.map((chain) => ['-F', chain]),
    ...chains.map((chain) => ['-X', chain]),
  ];
  // An empty table is not printed at all, and its policy is then the default.
  const policy = (lines: string[]): string =>
    lines.flatMap((line) => BUILT_IN_POLICY.exec(line)?.[1] ?? [])[0] ?? 'ACCEPT';
  if (table === 'filter' && policy(before) !== policy(after)) commands.push(['-P', 'FORWARD', policy(before)]);
  return commands.map((command) => ['-w', '-t', table, ...command]);
}

function tables(saved: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) found.set(line.slice(1), []);
    else if (line.startsWith(':') || line.startsWith('-A ')) [...found.values()].at(-1)?.push(line);
  }
  return found;
}

function withoutCounters(line: string): string {
  return line.replace(/ \[\d+:\d+\]$/, '');
}

/** Bridges an engine made and left: its default one and those of its networks. */
export function linksToRemove(before: string[], after: string[]): string[] {
  return after.filter((link) => ENGINE_LINK.test(link) && !before.includes(link));
}

/** Mounts at or below the engine's directories that were not there before, the innermost first. */
export function mountsToRemove(before: string, after: string, roots: string[]): string[] {
  const points = (info: string): string[] => info.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  const known = new Set(points(before));
  return points(after)
    .filter((path) => !known.has(path) && roots.some((root) => path === root || path.startsWith(`${root}/`)))
    .sort((left, right) => right.length - left.length);
}
