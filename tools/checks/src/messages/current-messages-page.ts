import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { repositoryRoot } from '../repository-root.js';
import { meaningsIn, messagesPage } from './messages-page.js';

export const messagesPagePath = join(repositoryRoot, 'docs/messages.md');

/** The page as it has to be for the messages that are defined now, formatted as the whole repository is. */
export async function currentMessagesPage(): Promise<string> {
  const files = globSync('libs/contracts/src/messages/**/*.ts', { cwd: repositoryRoot });
  const meanings = new Map(files.flatMap((path) => meaningsIn(readFileSync(join(repositoryRoot, path), 'utf8'))));
  const style = await resolveConfig(messagesPagePath);
  return format(messagesPage(meanings), { ...style, filepath: messagesPagePath });
}
