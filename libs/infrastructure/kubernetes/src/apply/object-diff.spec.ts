import { Differences } from '@nalabo/infrastructure-port';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../cluster/kube-object.js';
import { compareObjects, type Difference } from './object-diff.js';

const compare = (live: KubeObject, applied: KubeObject, differences = new Differences()): Difference =>
  compareObjects(live, applied, differences);

const configMap = (fields: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'greeting', namespace: 'default', ...metadata },
  ...fields,
});

describe('the difference between two objects', () => {
  it('is none when only what the API writes by itself differs, or the order of fields', () => {
    const live = configMap(
      { status: { phase: 'Active' }, data: { a: '1', b: '2' } },
      { uid: 'u', resourceVersion: '7', generation: 1, creationTimestamp: 't', managedFields: [{ manager: 'x' }] },
    );
    const applied = configMap({ data: { b: '2', a: '1' } }, { resourceVersion: '8', generation: 2 });
    expect(compare(live, applied)).toEqual({ isChanged: false, diff: undefined });
  });

  it('is shown as a unified diff of YAML with a few lines around', () => {
    const { isChanged, diff } = compare(
      configMap({ data: { text: 'hello', other: 'same' } }),
      configMap({ data: { text: 'good bye', other: 'same' } }),
    );
    expect(isChanged).toBe(true);
    expect(diff).toBe(
      [
        '--- live',
        '+++ applied',
        '@@ -1,7 +1,7 @@',
        ' apiVersion: v1',
        ' data:',
        '   other: same',
        '-  text: hello',
        '+  text: good bye',
        ' kind: ConfigMap',
        ' metadata:',
        '   name: greeting',
        '',
      ].join('\n'),
    );
  });

  it('shows which values of a Secret differ and none of them, not even those that another client has noted down', () => {
    const secret = (data: object, note: string): KubeObject => ({
      ...configMap({ data }, { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': note } }),
      kind: 'Secret',
    });
    const { isChanged, diff = '' } = compare(
      secret({ kept: 'c2FtZQ==', changed: 'b2xk', gone: 'Z29uZQ==' }, 'b2xk'),
      secret({ kept: 'c2FtZQ==', changed: 'bmV3', made: 'bWFkZQ==' }, 'bmV3'),
    );
    expect(isChanged).toBe(true);
    for (const value of ['c2FtZQ', 'b2xk', 'bmV3', 'Z29uZQ', 'bWFkZQ']) expect(diff).not.toContain(value);
    expect(diff).toContain('-  changed: "*** (before)"');
    expect(diff).toContain('+  changed: "*** (after)"');
    expect(diff).toContain('   kept: "***"');
  });

  it('is left out of an object that is larger than any file, without a look at it', () => {
    const data = (value: string) =>
      Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`key-${index}`, value]));
    const begun = performance.now();
    const change = compare(configMap({ data: data('a') }), configMap({ data: data('b') }));
    expect(change).toEqual({ isChanged: true, diff: undefined });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('is left out once an answer has taken as long as others can wait', () => {
    const differences = new Differences();
    const textOf = (end: string): string =>
      Array.from({ length: 2_000 }, (_, index) => `${index * 7919}${end}`).join('\n');
    const [live, applied] = [configMap({ data: { text: textOf('') } }), configMap({ data: { text: textOf('!') } })];
    const begun = performance.now();
    for (let object = 0; object < 64; object += 1)
      expect(compare(live, applied, differences)).toEqual({ isChanged: true, diff: undefined });
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('is left out of an answer that is full', () => {
    const differences = new Differences();
    const diffs = Array.from({ length: 100 }, (_, index) => {
      const live = configMap({ data: { text: 'x'.repeat(4_000) } });
      return compare(live, configMap({ data: { text: `${index}` } }), differences).diff;
    });
    expect(diffs[0]).toBeDefined();
    expect(diffs.at(-1)).toBeUndefined();
    expect(diffs.join('').length).toBeLessThan(256 * 1024);
  });

  it.each([
    ['long', Array.from({ length: 3_000 }, (_, index) => `line ${index}`)],
    ['without anything in common', Array.from({ length: 40_000 }, (_, index) => `${index * 7919}`)],
  ])('is left out when it is %s, and costs little', (_, lines) => {
    const begun = performance.now();
    const change = compare(
      configMap({ data: { text: lines.join('\n') } }),
      configMap({ data: { text: lines.map((line) => `${line}!`).join('\n') } }),
    );
    expect(change).toEqual({ isChanged: true, diff: undefined });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
