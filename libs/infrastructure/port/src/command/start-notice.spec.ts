import { describe, expect, it } from 'vitest';
import { StartNotice } from './start-notice.js';

const token = 'f00dcafe';

function read(text: string, size: number): { rest: string; notice: StartNotice } {
  const notice = new StartNotice(token);
  const bytes = Buffer.from(text);
  const passed: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size)
    passed.push(notice.push(bytes.subarray(start, start + size)));
  passed.push(notice.flush());
  return { rest: Buffer.concat(passed).toString(), notice };
}

describe.each([1, 3, 1000])('StartNotice, reading %i bytes at a time', (size) => {
  it.each([
    ['a silent command', `${token} 42\n`, 42, false, ''],
    ['a command that writes', `${token} 42\nwarning: x\ny\n`, 42, false, 'warning: x\ny\n'],
    ['a command whose first bytes resemble the token', `${token} 42\nf00d`, 42, false, 'f00d'],
    [
      'a missing program',
      `${token} 42\n${token}: 1: exec: nosuch: not found\n`,
      42,
      true,
      'sh: 1: exec: nosuch: not found\n',
    ],
    ['a missing directory', `${token} 42\n${token}: 1: cd: can't cd to /x\n`, 42, true, "sh: 1: cd: can't cd to /x\n"],
    [
      'a stream without a notice',
      'OCI runtime exec failed: no such file\n',
      null,
      false,
      'OCI runtime exec failed: no such file\n',
    ],
    ['a stream that ends at once', '', null, false, ''],
  ])('reads %s', (_, text, processGroup, startFailed, expected) => {
    const { rest, notice } = read(text, size);
    expect({ rest, processGroup: notice.processGroup, startFailed: notice.startFailed }).toEqual({
      rest: expected,
      processGroup,
      startFailed,
    });
  });
});
