import type { KubeObject } from '../cluster/kube-object.js';

/** A Service, as far as its name is concerned. */
export interface KubeService extends KubeObject {
  readonly spec?: { readonly clusterIP?: string };
}

const ownNames = ['localhost', 'workbench'];
const ownLines = [`127.0.0.1 ${ownNames.join(' ')}`, '::1 localhost'];

/**
 * The table of names of a workbench in a namespace, as `/etc/hosts` has it. A resolver of the cluster would also answer
 * for, and carry questions to, the world outside: so there is none, and the Services of the session stand in a table.
 * One without an address of its own has no line, and neither has one that is called as the workbench calls itself: a
 * resolver takes the addresses of all lines.
 */
export function serviceHosts(services: readonly KubeService[]): string {
  const lines = services
    .filter(({ metadata: { name } }) => !ownNames.includes(name))
    .filter(({ spec }) => /^[0-9a-f.:]+$/.test(spec?.clusterIP ?? ''))
    .toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name))
    .map(({ metadata: { name, namespace }, spec }) => {
      const qualified = `${name}.${namespace ?? ''}`;
      return [spec?.clusterIP, name, qualified, `${qualified}.svc`, `${qualified}.svc.cluster.local`].join(' ');
    });
  return `${[...ownLines, ...lines].join('\n')}\n`;
}
