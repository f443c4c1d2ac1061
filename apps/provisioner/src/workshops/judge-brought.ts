import type { WorkshopContent } from '@nalabo/contracts';
import { AppError, type Violation } from '@nalabo/kernel';
import { mostViolations, type PolicyViolation } from '@nalabo/policy';
import { parseResources } from '@nalabo/session';
import { inWords, type Reading, readObjects, readServices } from './read-brought.js';
import { resourcesFor } from './workshop-view.js';

/** Stands for the namespace of a session, which nobody knows yet. */
const someNamespace = 'nalabo-session';

/**
 * Holds what a workshop brings to the rules that a learner's files are held to, with the workshop's own images and with what
 * its sessions have when nobody asks for anything else.
 * @throws AppError `unprocessable` with every rule that is broken, its place and its line.
 */
export function judgeBrought(workshop: WorkshopContent): void {
  const compose = brokenIn(readServices(workshop, parseResources(resourcesFor(workshop, 'docker'))));
  const manifests = brokenIn(readObjects(workshop, someNamespace));
  if (compose.length + manifests.length === 0) return;
  const told = [...compose, ...manifests].map(inWords).join('; ');
  throw new AppError('unprocessable', `what workshop ${workshop.id} brings breaks rules: ${told}`, {
    publicMessage: 'What the workshop brings breaks rules. Nothing was stored.',
    details: {
      code: 'policy_violation',
      violations: [
        ...compose.map((violation) => toViolation('compose.text', violation)),
        ...manifests.map((violation) => toViolation('manifests.text', violation)),
      ].slice(0, mostViolations),
    },
  });
}

function brokenIn(reading: Reading<unknown>): readonly PolicyViolation[] {
  return 'violations' in reading ? reading.violations : [];
}

/** @param field Of the request that carries the file, or that is to blame for what the file breaks. */
export function toViolation(field: string, { line, ...violation }: PolicyViolation): Violation {
  return { field, ...violation, line: line ?? undefined };
}
