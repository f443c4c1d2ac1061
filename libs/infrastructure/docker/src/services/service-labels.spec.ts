import { newSessionId } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { networkName, ownershipLabels, serviceName, volumeName } from './service-labels.js';

const sessionId = newSessionId();

describe('the name of what is applied', () => {
  it.each([
    [serviceName(sessionId, 'web'), `nalabo-session-${sessionId}-s-web`],
    [networkName(sessionId, 'front'), `nalabo-session-${sessionId}-n-front`],
    [volumeName(sessionId, 'nineteen-characters'), `nalabo-session-${sessionId}-v-nineteen-characters`],
  ])('is %s', (name, expected) => {
    expect(name).toBe(expected);
    expect(name.length).toBeLessThanOrEqual(63);
  });

  it('is cut where it is too long, and stays apart from others that begin alike', () => {
    const names = ['one', 'two'].map((end) => serviceName(sessionId, `a-name-of-thirty-characters-${end}`));
    expect(new Set(names).size).toBe(2);
    for (const name of names)
      expect(name).toMatch(new RegExp(`^nalabo-session-${sessionId}-s-a-name-of--[0-9a-f]{8}$`));
    expect(names.map(({ length }) => length)).toEqual([63, 63]);
  });
});

describe('a name that looks like one that was cut', () => {
  const partOf = (service: string): string => serviceName(sessionId, service).split(`${sessionId}-s-`)[1] ?? '';
  const long = 'a-name-of-thirty-characters-one';

  it('is not the one that it looks like', () => {
    const cut = partOf(long);
    expect(cut).toHaveLength(19);
    const again = partOf(cut);
    expect(again).not.toBe(cut);
    expect(again).toMatch(/^a-name-of--[0-9a-f]{8}$/);
    expect(partOf(again)).not.toBe(again);
  });

  it.each(['web-deadbeef', 'web', 'aaaaaaaaaa-deadbeeg', 'nineteen-characters'])(
    'stays %s where it is none',
    (name) => {
      expect(partOf(name)).toBe(name);
    },
  );
});

describe('the labels of what is applied', () => {
  it('are those of the workbench by which it is ours, and no others', () => {
    const workbench = { 'io.nalabo.session': sessionId, 'io.nalabo.instance': 'main', other: 'x' };
    expect(ownershipLabels(workbench)).toMatchObject({ 'io.nalabo.session': sessionId, 'io.nalabo.instance': 'main' });
    expect(Object.keys(ownershipLabels(workbench))).toHaveLength(6);
  });
});
