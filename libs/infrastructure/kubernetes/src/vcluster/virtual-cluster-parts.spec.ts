import { describe, expect, it } from 'vitest';
import { partsToApply } from './virtual-cluster-parts.js';

const object = (kind: string, name = 'vcluster') => ({ apiVersion: 'v1', kind, metadata: { name } });
const service = object('Service');
const binding = object('RoleBinding');
const configuration = object('Secret', 'vc-config-vcluster');
const deployment = object('Deployment');
const objects = [service, binding, configuration, deployment];

describe('the objects of a virtual cluster', () => {
  it('come in two parts, of which the second needs the first', () => {
    expect(partsToApply(objects, undefined)).toEqual({
      first: [service, configuration],
      second: [binding, deployment],
    });
  });

  it('leave a control plane alone that is there, with its configuration', () => {
    expect(partsToApply(objects, deployment)).toEqual({ first: [service], second: [binding] });
  });
});
