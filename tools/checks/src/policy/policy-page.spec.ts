import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { currentPolicyPage, policyPagePath } from './current-policy-page.js';
import { policyPage } from './policy-page.js';

describe('the page about what may be applied', () => {
  it('is current; `npm run docs:policy` writes it anew', async () => {
    expect(readFileSync(policyPagePath, 'utf8')).toBe(await currentPolicyPage());
  });

  it('shows a short example in its line and a long one as a block', () => {
    const rule = { id: 'compose.a', verdict: 'allowed', message: 'must be <one>', hint: 'Write one.' } as const;
    const rules = [{ ...rule, accepted: 'a: 1', refused: 'a:\n  b: 1' }];
    const page = policyPage([{ type: 'compose', sections: [{ title: 'a file', rules }] }]);
    expect(page).toContain(
      '### A file\n\n- `compose.a` (allowed): must be \\<one\\>. Write one.\n  - Accepted: `a: 1`\n',
    );
    expect(page).toContain('  - Refused:\n\n    ~~~\n    a:\n      b: 1\n    ~~~\n');
  });
});
