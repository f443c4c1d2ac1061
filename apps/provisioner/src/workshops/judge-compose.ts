import { AppError, type Violation } from '@nalabo/kernel';
import { type PolicyViolation, readCompose } from '@nalabo/policy';
import { parseResources, serviceShare } from '@nalabo/session';
import { resourcesFor, type WorkshopFile } from './workshop-file.js';

/**
 * Holds the Compose file of a workshop to the rules that a learner's is held to, with the workshop's own images and with
 * what its sessions leave to services when nobody asks for more.
 * @throws AppError `unprocessable` with every rule that it breaks, its place and its line.
 */
export function judgeCompose(workshop: WorkshopFile): void {
  const { images, compose } = workshop;
  if (compose === null) return;
  const resources = serviceShare(parseResources(resourcesFor(workshop, 'docker')));
  const reading = readCompose(compose.text, { images, resources, files: new Set(Object.keys(compose.files)) });
  if (!('violations' in reading)) return;
  const told = reading.violations.map(inWords).join('; ');
  throw new AppError('unprocessable', `its Compose file breaks rules: ${told}`, {
    details: { violations: reading.violations.map(toViolation) },
  });
}

function inWords({ line, path, rule, message }: PolicyViolation): string {
  const place = [line === null ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return `${place || 'the file'} ${message} (${rule})`;
}

function toViolation({ line, ...violation }: PolicyViolation): Violation {
  return { field: 'compose.text', ...violation, line: line ?? undefined };
}
