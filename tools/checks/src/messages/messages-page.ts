import { factSubject, facts, type Rpc, rpcs, type SessionFact } from '@nalabo/contracts';

/** What each message means, by the name under which the registry exports it. */
export type Meanings = ReadonlyMap<string, string>;

const introduction = `# Messages

Written by \`npm run docs:messages\` from the registry in \`libs/contracts\`; a test fails when this page is out of date.

Every message travels in an envelope: id, type, version, time, correlation and causation, session, actor, trace context,
and the payload shown here. A request is answered by the service in its subject. A fact is kept by JetStream, arrives at
least once, and is harmless twice.`;

/** The page that names every message: subject, version, meaning and an example. */
export function messagesPage(meanings: Meanings): string {
  const sections = Object.entries(rpcs).map(([service, messages]) => [
    `## Requests to ${service}`,
    ...Object.entries<Rpc>(messages).map(([name, message]) =>
      messageSection({ message, subject: message.subject, meaning: meaningOf(name, meanings) }),
    ),
  ]);
  const factSections = Object.entries<SessionFact>(facts).map(([name, message]) =>
    messageSection({ message, subject: factSubject(message, '<sessionId>'), meaning: meaningOf(name, meanings) }),
  );
  return `${[introduction, ...sections.flat(), '## Facts about sessions', ...factSections].join('\n\n')}\n`;
}

/** Reads the docstring above each definition. */
export function meaningsIn(source: string): [name: string, meaning: string][] {
  const definitions = source.matchAll(
    /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export const (\w+) = define(?:Rpc|SessionFact)\(/g,
  );
  return [...definitions].map(([, comment = '', name = '']) => [name, proseOf(comment)]);
}

function proseOf(comment: string): string {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*?\s?/, '').trimEnd());
  return lines.join('\n').trim();
}

function meaningOf(name: string, meanings: Meanings): string {
  const meaning = meanings.get(name);
  if (!meaning) throw new Error(`${name} has no docstring above its definition`);
  return meaning;
}

interface Entry {
  readonly message: Rpc | SessionFact;
  readonly subject: string;
  readonly meaning: string;
}

function messageSection({ message, subject, meaning }: Entry): string {
  const kind = message.kind === 'rpc' ? 'Request' : 'Fact';
  const example = JSON.stringify(message.example, null, 2);
  return [
    `### ${message.type}`,
    `${kind}, version ${message.version}, subject \`${subject}\`.`,
    meaning,
    `\`\`\`json\n${example}\n\`\`\``,
  ].join('\n\n');
}
