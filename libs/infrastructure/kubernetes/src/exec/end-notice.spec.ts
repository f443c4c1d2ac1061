import { describe, expect, it } from 'vitest';
import { EndNotice } from './end-notice.js';

const token = 'f00dcafe';

function read(text: string, size: number): { rest: string; exitCode: number | null } {
  const notice = new EndNotice(token);
  const bytes = Buffer.from(text);
  const passed: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    passed.push(Uint8Array.from(notice.push(bytes.subarray(start, start + size))));
  }
  passed.push(notice.flush());
  return { rest: Buffer.concat(passed).toString(), exitCode: notice.exitCode };
}

describe.each([1, 3, 7, 1000])('EndNotice, reading %i bytes at a time', (size) => {
  it.each([
    ['a silent program', `\x01${token} 0\n`, 0, ''],
    ['a program that writes', `warning: x\ny\n\x01${token} 42\n`, 42, 'warning: x\ny\n'],
    ['output without a newline at its end', `Password: \x01${token} 1\n`, 1, 'Password: '],
    ['what comes behind the notice', `a\x01${token} 137\nlate \x01`, 137, 'alate \x01'],
    ['what resembles the notice', `\x01\x01f00d\x01${token.slice(0, 4)}\x01${token} 7\n`, 7, '\x01\x01f00d\x01f00d'],
    ['a stream that breaks in the notice', `x\x01${token} 4`, null, `x\x01${token} 4`],
    ['a stream without a notice', 'err\x01', null, 'err\x01'],
  ])('reads %s', (_, text, exitCode, rest) => {
    expect(read(text, size)).toEqual({ rest, exitCode });
  });
});

describe('EndNotice', () => {
  it('holds back nothing that cannot be the notice', () => {
    const notice = new EndNotice(token);
    expect(Buffer.from(notice.push(Buffer.from('Password: f00d'))).toString()).toBe('Password: f00d');
  });
});
