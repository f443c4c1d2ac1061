import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentMessagesPage, messagesPagePath } from './current-messages-page.js';
import { meaningsIn, messagesPage } from './messages-page.js';

describe('the page of messages', () => {
  it('is current; `npm run docs:messages` writes it anew', async () => {
    expect(readFileSync(messagesPagePath, 'utf8')).toBe(await currentMessagesPage());
  });

  it('takes the meaning from the docstring right above a definition', () => {
    const source = [
      '/** About something else. */',
      'const limit = 1;',
      '/**',
      ' * Sent by nobody.',
      ' * Twice is success.',
      ' */',
      'export const example = defineRpc({',
    ].join('\n');
    expect(meaningsIn(source)).toEqual([['example', 'Sent by nobody.\nTwice is success.']]);
  });

  it('refuses a message without a meaning', () => {
    expect(() => messagesPage(new Map())).toThrow('createSession has no docstring');
  });
});
