import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { ChartBundle, namespacePlaceholder, parseChart } from './chart-bundle.js';

const object = (apiVersion: string, kind: string, namespace = `  namespace: ${namespacePlaceholder}\n`): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: vcluster\n${namespace}`;
const request = { chart: 'chart', version: '1', kubernetesVersion: 'v1.34.4', values: {} };

describe('a rendered chart', () => {
  it('is read as the objects in it, without the empty documents that templates leave behind', () => {
    const objects = parseChart(`---\n# nothing\n${object('v1', 'Service')}---\n`);
    expect(objects.map(({ kind }) => kind)).toEqual(['Service']);
  });

  it.each([
    ['a cluster role', object('rbac.authorization.k8s.io/v1', 'ClusterRole', '')],
    ['a cluster role that names a namespace', object('rbac.authorization.k8s.io/v1', 'ClusterRole')],
    ['an object of another namespace', object('v1', 'Secret', '  namespace: kube-system\n')],
    ['an object that leaves the namespace open', object('v1', 'Secret', '')],
    ['a claim, which outlives its pod', object('v1', 'PersistentVolumeClaim')],
    ['a hook of admission', object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration')],
    ['something that is no object', '---\n- 1\n'],
  ])('is refused with %s', (_, manifests) => {
    expect(() => parseChart(manifests)).toThrow(expect.objectContaining({ kind: 'unprocessable' }));
  });
});

describe('charts', () => {
  it('are rendered once per version of the host and settings', async () => {
    const rendered: string[] = [];
    const bundle = new ChartBundle(({ kubernetesVersion, namespace }) => {
      rendered.push(`${kubernetesVersion} ${namespace}`);
      return Promise.resolve(object('v1', 'Service'));
    });
    await Promise.all([bundle.objects(request), bundle.objects(request)]);
    await bundle.objects({ ...request, kubernetesVersion: 'v1.35.0' });
    await bundle.objects(request);
    expect(rendered).toEqual([`v1.34.4 ${namespacePlaceholder}`, `v1.35.0 ${namespacePlaceholder}`]);
  });

  it('are tried again after a failure', async () => {
    const answers = [Promise.reject(new AppError('unavailable', 'no helm')), Promise.resolve(object('v1', 'Service'))];
    const bundle = new ChartBundle(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    await expect(bundle.objects(request)).rejects.toThrow('no helm');
    await expect(bundle.objects(request)).resolves.toHaveLength(1);
  });
});
