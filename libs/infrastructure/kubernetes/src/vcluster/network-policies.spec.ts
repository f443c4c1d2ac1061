import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { virtualClusterPolicies } from './network-policies.js';

const network = {
  namespace: 'nalabo-session-abc',
  labels: { 'nalabo.io/session': 'abc' },
  hostApi: [
    { address: '10.96.0.1', port: 443 },
    { address: 'fd00::1', port: 6443 },
  ],
  platformNamespace: 'nalabo',
  isExposed: false,
};

interface Rules {
  readonly ingress: readonly { readonly from?: readonly object[]; readonly ports?: readonly object[] }[];
  readonly egress: readonly { readonly to?: readonly object[] }[];
}

const rulesOf = (name: string, own: Partial<typeof network> = {}): Rules => {
  const found = virtualClusterPolicies({ ...network, ...own }).find(({ metadata }) => metadata.name === name);
  return found?.['spec'] as Rules;
};

describe('the network of a session with a virtual cluster', () => {
  it('is the reviewed one', async () => {
    const text = await format(JSON.stringify(virtualClusterPolicies(network)), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot('./reviewed/network-policies.json');
  });

  it.each(['workbench', 'control-plane', 'workloads'])('names the peers of every rule of the %s', (name) => {
    const { ingress, egress } = rulesOf(name);
    for (const rule of ingress) expect(rule.from?.length).toBeGreaterThan(0);
    for (const rule of egress) expect(rule.to?.length).toBeGreaterThan(0);
  });

  it('opens the virtual API alone to everybody where learners come from outside', () => {
    expect(rulesOf('control-plane', { isExposed: true }).ingress).toEqual([
      { ports: [{ protocol: 'TCP', port: 8443 }] },
    ]);
  });

  it('leads nowhere outside where the host API is not known', () => {
    expect(rulesOf('control-plane', { hostApi: [] }).egress).toHaveLength(1);
  });
});
