import { describe, expect, it } from 'vitest';
import { serviceHosts } from './service-hosts.js';

const service = (name: string, clusterIP?: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'ns' },
  ...(clusterIP === undefined ? {} : { spec: { clusterIP } }),
});
const own = '127.0.0.1 localhost workbench\n::1 localhost\n';

describe('the table of names of a workbench', () => {
  it('has its own names alone where there are no Services', () => {
    expect(serviceHosts([])).toBe(own);
  });

  it('has every Service by all its names, in order', () => {
    expect(serviceHosts([service('web', '10.96.0.7'), service('db', 'fd00::1')])).toBe(
      `${own}fd00::1 db db.ns db.ns.svc db.ns.svc.cluster.local\n10.96.0.7 web web.ns web.ns.svc web.ns.svc.cluster.local\n`,
    );
  });

  it.each(['localhost', 'workbench'])('leaves the name %s to the workbench itself', (name) => {
    expect(serviceHosts([service(name, '10.96.0.7')])).toBe(own);
  });

  it.each([['None'], [''], [undefined], ['10.0.0.1 evil\n10.0.0.2']])('has none with the address %j', (clusterIP) => {
    expect(serviceHosts([service('web', clusterIP)])).toBe(own);
  });
});
