import type { ApplyConfiguration } from '@nalabo/contracts';
import type { ApplyModel } from '@nalabo/infrastructure-port';
import { AppError, type Violation } from '@nalabo/kernel';
import { parseManifests, type PolicyViolation } from '@nalabo/policy';

/** @throws AppError `unprocessable` with everything that is wrong with the form of the file. */
export function readModel({ type, configuration }: Pick<ApplyConfiguration, 'type' | 'configuration'>): ApplyModel {
  if (type !== 'yaml') {
    throw new AppError('unprocessable', `this version applies yaml only, not ${type}`, { details: { field: 'type' } });
  }
  const { objects, violations } = parseManifests(configuration);
  if (violations.length === 0) return { type, objects };
  throw new AppError('unprocessable', `the file has ${violations.length} faults`, {
    publicMessage: 'The file cannot be applied.',
    details: { violations: violations.map(toViolation) },
  });
}

function toViolation({ path, message, document, line, rule, hint }: PolicyViolation): Violation {
  return { field: 'configuration', path, message, document, line: line ?? undefined, rule, hint };
}
