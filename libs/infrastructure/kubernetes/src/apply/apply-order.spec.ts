import { describe, expect, it } from 'vitest';
import { applyRank, inApplyOrder } from './apply-order.js';

describe('the order of applying', () => {
  it.each([
    ['Namespace', 'ResourceQuota'],
    ['CustomResourceDefinition', 'Gadget'],
    ['ResourceQuota', 'Deployment'],
    ['NetworkPolicy', 'Pod'],
    ['ServiceAccount', 'Pod'],
    ['ClusterRoleBinding', 'Deployment'],
    ['Secret', 'Deployment'],
    ['PersistentVolumeClaim', 'StatefulSet'],
    ['ConfigMap', 'Service'],
    ['Service', 'Deployment'],
    ['CronJob', 'Ingress'],
    ['Job', 'Gadget'],
  ])('has a %s before a %s', (earlier, later) => {
    expect(applyRank(earlier)).toBeLessThan(applyRank(later));
    expect(inApplyOrder([{ kind: later }, { kind: earlier }])).toEqual([{ kind: earlier }, { kind: later }]);
  });

  it('keeps objects of one rank as the file has them', () => {
    const objects = ['b', 'a', 'c'].map((name) => ({ kind: 'ConfigMap', name }));
    expect(inApplyOrder(objects)).toEqual(objects);
  });
});
