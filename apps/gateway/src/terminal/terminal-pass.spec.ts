import { describe, expect, it } from 'vitest';
import { hashPass, newPass, readPass } from './terminal-pass.js';

const text = 'a'.repeat(43);

describe('a terminal pass', () => {
  it('is 256 random bits, as a subprotocol may be written', () => {
    const passes = new Set(Array.from({ length: 100 }, () => newPass('ticket').text));
    expect(passes.size).toBe(100);
    for (const one of passes) expect(Buffer.from(one, 'base64url')).toHaveLength(32);
  });

  it('is found again by its hash, which tells nothing of it', () => {
    const pass = newPass('resume');
    expect(hashPass(pass).equals(hashPass({ ...pass }))).toBe(true);
    expect(hashPass(pass).toString('base64url')).not.toBe(pass.text);
  });

  it.each([
    ['a ticket', ['nalabo.terminal.v1', `ticket.${text}`], { kind: 'ticket', text }],
    ['a resume token', [`resume.${text}`, 'nalabo.terminal.v1'], { kind: 'resume', text }],
    ['nothing', [], undefined],
    ['the protocol alone', ['nalabo.terminal.v1'], undefined],
    ['an empty ticket', ['ticket.'], undefined],
    ['a short ticket', [`ticket.${text.slice(1)}`], undefined],
    ['a long ticket', [`ticket.${text}a`], undefined],
    ['a ticket of other characters', [`ticket.${'='.repeat(43)}`], undefined],
    ['two passes', [`ticket.${text}`, `resume.${text}`], undefined],
    ['an API key', ['nlb_0123456789abcdef_secret'], undefined],
  ])('is read from %s', (_, protocols, expected) => {
    expect(readPass(protocols)).toEqual(expected);
  });
});
