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

/** What zod adds to some issues. */
interface ZodIssue {
  /** Unknown fields, in an issue of their parent: a client is told each field by its own path. */
  readonly keys?: readonly string[];
  /** What is wrong with the name of a field, in an issue that says no more than that something is. */
  readonly issues?: readonly { readonly message: string }[];
}

function violationsOf(issue: Issues[number]): { field: string; message: string }[] {
  const path = (issue.path ?? []).map(segmentName);
  const { keys, issues } = issue as ZodIssue;
  if (keys) return keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a known field' }));
  return (issues ?? [issue]).map(({ message }) => ({ field: path.join('.'), message }));
}

function segmentName(segment: NonNullable<Issues[number]['path']>[number]): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
