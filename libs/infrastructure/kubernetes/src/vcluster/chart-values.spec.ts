import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { chartValues, plainVersion } from './chart-values.js';

describe('the values of the chart', () => {
  it('are the reviewed ones', async () => {
    const values = chartValues({ kubernetesVersion: 'v1.34.4', imagePrefix: 'mirror.example.org/lab/' });
    const text = await format(JSON.stringify(values), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot('./reviewed/chart-values.json');
  });

  it('take the images from where the chart says without a prefix, in the build that needs no licence', () => {
    const { controlPlane } = chartValues({ kubernetesVersion: 'v1.34.4' });
    expect(controlPlane.statefulSet).toMatchObject({ image: { repository: 'loft-sh/vcluster-oss' } });
    expect(controlPlane.distro.k8s).not.toHaveProperty('image');
    expect(controlPlane.coredns.deployment).not.toHaveProperty('image');
  });

  it.each([
    ['v1.34.4', 'v1.34.4'],
    ['1.34.4', 'v1.34.4'],
    ['v1.33.1-eks-1de2ab1', 'v1.33.1'],
    ['v1.32.2+k3s1', 'v1.32.2'],
  ])('know the version %s of a host as %s', (reported, plain) => {
    expect(plainVersion(reported)).toBe(plain);
  });
});
