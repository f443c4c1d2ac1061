import { describe, expect, it } from 'vitest';
import { canonicalName, findRig } from './rig.js';

describe('a rig', () => {
  it('is never taken for the cluster of another kubeconfig', async () => {
    expect(await findRig('/somewhere/else.kubeconfig')).toBeUndefined();
    expect(await findRig('')).toBeUndefined();
  });

  it.each([
    ['nginx:alpine', 'docker.io/library/nginx:alpine'],
    ['nalabo/workbench:1', 'docker.io/nalabo/workbench:1'],
  ])('keeps %s as %s', (reference, name) => {
    expect(canonicalName(reference)).toBe(name);
  });
});
