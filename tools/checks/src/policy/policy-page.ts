import type { RuleChapter, RuleDescription } from '@nalabo/policy';

const introduction = `# What may be applied

Written by \`npm run docs:policy\` from the rules in \`libs/policy\`; a test fails when this page is out of date.

Everything that a file may say stands here; what does not is refused. A violation names the rule, the path and the line in
the file. Each rule is tested by its two examples. Notes of what was left out never keep a file from being applied.`;

const titles: Readonly<Record<RuleChapter['type'], string>> = {
  'every YAML file': 'Every YAML file',
  compose: 'Compose files',
  dockerfile: 'Dockerfiles',
  'manifests in a namespace': 'Manifests in a session that is a namespace',
  'manifests in a virtual cluster': 'Manifests in a session that is a virtual cluster',
};

/** The page that names every rule: what it asks for, and what keeps and breaks it. */
export function policyPage(chapters: readonly RuleChapter[]): string {
  const parts = chapters.flatMap(({ type, sections }) => [
    `## ${titles[type]}`,
    ...sections.flatMap(({ title, rules }) => [`### ${capitalised(title)}`, rules.map(ruleItem).join('\n')]),
  ]);
  return `${[introduction, ...parts].join('\n\n')}\n`;
}

function ruleItem({ id, verdict, message, hint, accepted, refused }: RuleDescription): string {
  const text = [`- \`${id}\` (${verdict}): ${escaped(message)}${hint ? `. ${escaped(hint)}` : ''}`];
  if (accepted !== null) text.push(...example('Accepted', accepted));
  if (refused !== null) text.push(...example('Refused', refused));
  return text.join('\n');
}

function example(title: string, snippet: string): string[] {
  const lines = snippet.trimEnd().split('\n');
  const isShort = lines.length === 1 && !snippet.includes('`');
  if (isShort) return [`  - ${title}: \`${lines[0]?.trim()}\``];
  return [`  - ${title}:`, '', ...['~~~', ...lines, '~~~'].map((line) => `    ${line}`), ''];
}

/** What Markdown would take for something else. */
function escaped(text: string): string {
  return text.replace(/[\\*_<>[\]|]/g, (character) => `\\${character}`);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
