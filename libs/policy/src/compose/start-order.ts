import type { ComposeService } from './compose-model.js';

/** The services in an order in which each comes after those it depends on. Who waits for a circle is left out. */
export function startOrder(services: readonly ComposeService[]): readonly ComposeService[] {
  const known = new Set(services.map(({ name }) => name));
  const ordered = new Set<ComposeService>();
  const started = new Set<string>();
  const isReady = ({ dependsOn }: ComposeService): boolean =>
    dependsOn.every(({ service }) => started.has(service) || !known.has(service));
  // Each round starts at least one service, so that there are no more rounds than services.
  for (let before = -1; before < ordered.size;) {
    before = ordered.size;
    for (const service of services.filter((one) => !ordered.has(one) && isReady(one))) {
      ordered.add(service);
      started.add(service.name);
    }
  }
  return [...ordered];
}
