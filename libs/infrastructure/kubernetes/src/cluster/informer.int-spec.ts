import { randomBytes } from 'node:crypto';
import { eventually, SwitchableProxy } from '@nalabo/testing';
import { afterEach, expect, it } from 'vitest';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { Informer } from './informer.js';
import { KubeClient } from './kube.client.js';
import { resources } from './kube-resource.js';
import { loadKubeConfig } from './load-kube-config.js';

const patience = { timeoutMs: 20_000, intervalMs: 50 };
const namespace = 'default';

describeOnCluster('an informer', process.env, ({ kubeconfig }) => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  /** An informer on config maps that only this test labels, over a connection that can be cut. */
  async function informed() {
    const label = `informer-${randomBytes(4).toString('hex')}`;
    const direct = new KubeClient(loadKubeConfig({ file: kubeconfig }));
    const { hostname: host, port } = new URL(direct.server);
    const proxy = new SwitchableProxy({ host, port: Number(port || 443) });
    await proxy.open();
    closing.push(() => proxy.shut());
    const client = new KubeClient(loadKubeConfig({ file: kubeconfig, endpoint: `https://127.0.0.1:${proxy.port}` }));
    const informer = new Informer(client, resources.configMap, `nalabo.io/test=${label}`);
    closing.push(() => informer.close());
    const make = async (name: string) => {
      const metadata = { name: `${label}-${name}`, namespace, labels: { 'nalabo.io/test': label } };
      await direct.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
      closing.push(() => direct.delete(resources.configMap, metadata));
      return metadata;
    };
    return { direct, proxy, informer, make };
  }

  it('knows what was there, and hears what comes, changes and goes', async () => {
    const { direct, informer, make } = await informed();
    const first = await make('first');
    await eventually(() => expect(informer.get(first)).toMatchObject({ kind: 'ConfigMap', metadata: first }), patience);
    const second = await make('second');
    await eventually(() => expect(informer.get(second)).toBeDefined(), patience);
    await direct.patch(resources.configMap, first, { data: { changed: 'yes' } });
    await eventually(() => expect(informer.get(first)).toMatchObject({ data: { changed: 'yes' } }), patience);
    await direct.delete(resources.configMap, second);
    await eventually(() => expect(informer.get(second)).toBeUndefined(), patience);
  });

  it('knows nothing while its connection is cut, and catches up when it is back', async () => {
    const { proxy, informer, make } = await informed();
    const first = await make('first');
    await eventually(() => expect(informer.get(first)).toBeDefined(), patience);
    await proxy.shut();
    await eventually(() => expect(informer.get(first)).toBeUndefined(), patience);
    const missed = await make('missed');
    await proxy.open();
    await eventually(() => expect(informer.get(missed)).toBeDefined(), patience);
    expect(informer.get(first)).toBeDefined();
  });
});
