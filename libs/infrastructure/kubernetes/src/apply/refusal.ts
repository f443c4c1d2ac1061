import type { ManifestObject } from '@nalabo/infrastructure-port';
import { AppError, shorten, type Violation } from '@nalabo/kernel';
import { z } from 'zod';
import { answerOf } from '../cluster/errors.js';
import { fault } from './prepare-objects.js';

const longestMessage = 1000;

const statusSchema = z.object({
  message: z.string(),
  details: z
    .object({ causes: z.array(z.object({ field: z.string().default(''), message: z.string() })).default([]) })
    .default({ causes: [] }),
});

/** The statuses of answers that have nothing to do with the object: our credentials, and the load. */
const statusesOfTheCall = [401, 429];

/** Fields that its kind does not have, and values that are not of their type, make an API fail, by its own account. */
const notAsItsKind = /failed to (create typed patch object|convert new object)/;

/** Whether the session's API has understood a call and does not want it, so that asking again would not help. */
export function isRefusal(error: unknown): error is AppError {
  if (!(error instanceof AppError) || answerOf(error) === undefined) return false;
  const status = Number(error.details['status']);
  return (status >= 400 && status < 500 && !statusesOfTheCall.includes(status)) || notAsItsKind.test(error.message);
}

/** The refusal of one object, field by field where the API says so. It is the learner's own API: its words are theirs. */
export function violationsOf(error: AppError, source: ManifestObject): readonly Violation[] {
  const { data } = statusSchema.safeParse(answerOf(error));
  // A policy of the cluster refuses an object as a whole.
  const causes = data?.details.causes.filter(({ field }) => field !== '') ?? [];
  if (causes.length === 0) return [fault(source, `${source.kind}/${source.name}`, messageOf(error))];
  return causes.map(({ field, message }) => fault(source, field, message));
}

/** For people: what the API said, or that it did not answer. */
export function messageOf(error: AppError): string {
  const { data } = statusSchema.safeParse(answerOf(error));
  return shorten(data?.message ?? error.publicMessage, longestMessage);
}
