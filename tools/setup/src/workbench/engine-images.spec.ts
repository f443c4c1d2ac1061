import { describe, expect, it } from 'vitest';
import { splitReference, streamedError } from './engine-images.js';

describe('an image reference', () => {
  it.each([
    ['nalabo/workbench:dev', { repo: 'nalabo/workbench', tag: 'dev' }],
    ['registry:5000/workbench', { repo: 'registry:5000/workbench', tag: 'latest' }],
    ['registry:5000/workbench:1', { repo: 'registry:5000/workbench', tag: '1' }],
    ['workbench:1@sha256:aa', { repo: 'workbench', tag: 'sha256:aa' }],
  ])('%s is split', (reference, parts) => {
    expect(splitReference(reference)).toEqual(parts);
  });
});

describe('the lines of a build', () => {
  it('tell the failure among the steps', () => {
    const lines = '{"stream":"Step 1"}\n{"errorDetail":{"code":1},"error":"exit 1"}\n';
    expect(streamedError(lines)).toBe('exit 1');
  });

  it('tell nothing when a step only prints the word', () => {
    expect(streamedError('{"stream":"an \\"error\\" in quotes"}\n{"aux":{"ID":"sha256:1"}}\n')).toBeUndefined();
  });
});
