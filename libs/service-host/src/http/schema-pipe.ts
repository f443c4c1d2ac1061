import { AppError } from '@nalabo/kernel';
import { StandardSchemaValidationPipe } from '@nestjs/common';

type Issues = Parameters<
  NonNullable<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory']>
>[0];

/**
 * Validates every parameter declared with a schema (`@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`),
 * which the OpenAPI document shows too. Throws `invalid_input` with each field at fault.
 */
export function schemaPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: invalidInput });
}

function invalidInput(issues: Issues): AppError {
  const violations = issues.flatMap(violationsOf);
  const listed = violations.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const publicMessage = 'The request is not valid.';
  return new AppError('invalid_input', `invalid request (${listed})`, { publicMessage, details: { violations } });
}

/** zod names unknown fields in an issue of their parent; a client is told each field by its own path. */
function violationsOf(issue: Issues[number]): { field: string; message: string }[] {
  const path = (issue.path ?? []).map(segmentName);
  const { keys } = issue as { readonly keys?: readonly string[] };
  if (!keys) return [{ field: path.join('.'), message: issue.message }];
  return keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
}

function segmentName(segment: NonNullable<Issues[number]['path']>[number]): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
