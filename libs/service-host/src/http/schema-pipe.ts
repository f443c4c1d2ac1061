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
  const violations = issues.map(({ path = [], message }) => ({ field: path.map(segmentName).join('.'), message }));
  const listed = violations.map(({ field, message }) => `${field}: ${message}`).join('; ');
  const publicMessage = 'The request is not valid.';
  return new AppError('invalid_input', `invalid request (${listed})`, { publicMessage, details: { violations } });
}

function segmentName(segment: NonNullable<Issues[number]['path']>[number]): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
