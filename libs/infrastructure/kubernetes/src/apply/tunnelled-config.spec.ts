import { AppError } from '@nalabo/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { toAnswerError } from '../cluster/errors.js';
import { KubeClient } from '../cluster/kube.client.js';
import { isRefusal } from './refusal.js';
import { TunnelledConfig } from './tunnelled-config.js';

const credentials = { serverName: 'vcluster.ns.svc', authority: '', certificate: '', key: '' };
let config: TunnelledConfig;
afterEach(() => config.close());

const callThrough = (fault: AppError): Promise<unknown> => {
  config = new TunnelledConfig(credentials, () => Promise.reject(fault));
  return new KubeClient(config).read('/api').catch((error: unknown) => error);
};

describe('a call through a tunnel that cannot be opened', () => {
  it('tells why, and is no answer of the API that the tunnel leads to', async () => {
    const status = JSON.stringify({ message: 'User "x" cannot create resource "pods/portforward"' });
    const error = await callThrough(toAnswerError(403, status, 'forward ns/pod:8443'));
    expect(error).toMatchObject({
      kind: 'unavailable',
      publicMessage: 'The cluster does not let us do this.',
      message: expect.stringContaining('cannot create resource "pods/portforward"'),
    });
    expect(isRefusal(error)).toBe(false);
  });

  it('is unavailable, and not missing, when the pod has gone', async () => {
    const error = await callThrough(toAnswerError(404, '{"message": "pods not found"}', 'forward ns/pod:8443'));
    expect(error).toMatchObject({ kind: 'unavailable' });
  });

  it.each(['timeout', 'cancelled'] as const)('is a %s like the tunnel', async (kind) => {
    expect(await callThrough(new AppError(kind, 'forward ns/pod:8443'))).toMatchObject({ kind });
  });
});
