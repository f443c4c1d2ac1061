import { afterEach, describe, expect, it, vi } from 'vitest';
import { prepareKubernetes } from './prepare-kubernetes.js';

const options = { dockerHost: 'unix:///nowhere', report: () => undefined };
afterEach(() => vi.unstubAllEnvs());

describe('the cluster that an environment names', () => {
  it('is none without a variable', async () => {
    vi.stubEnv('KUBECONFIG', '');
    expect(await prepareKubernetes(options)).toEqual({});
  });

  it.each([
    ['/no/such/file', 'cannot be read'],
    ['/one/file:/another/file', 'must name one file'],
  ])('is refused in one line when KUBECONFIG is %s', async (kubeconfig, reason) => {
    vi.stubEnv('KUBECONFIG', kubeconfig);
    await expect(prepareKubernetes(options)).rejects.toThrow(reason);
  });
});
