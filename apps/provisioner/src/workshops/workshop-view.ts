import type { InfrastructureType, Resources, WorkshopContent, WorkshopView } from '@nalabo/contracts';
import { defaultResources } from '@nalabo/session';

/** What a session gets when nobody asks for anything else. */
export function resourcesFor(workshop: WorkshopContent, type: InfrastructureType): Resources {
  const own = workshop.resources.default[type] ?? {};
  const fallback = defaultResources[type];
  return {
    cpu: own.cpu ?? fallback.cpu,
    memory: own.memory ?? fallback.memory,
    storage: own.storage ?? fallback.storage,
  };
}

export function toWorkshopView(workshop: WorkshopContent, revision: number): WorkshopView {
  return {
    id: workshop.id,
    revision,
    title: workshop.title,
    description: workshop.description,
    infrastructureTypes: workshop.infrastructure,
    defaultDurationMinutes: workshop.durationMinutes.default,
    maximumDurationMinutes: workshop.durationMinutes.maximum,
    defaultResources: Object.fromEntries(workshop.infrastructure.map((type) => [type, resourcesFor(workshop, type)])),
    checks: workshop.checks.map(({ id, title }) => ({ id, title })),
  };
}
