import { describe, expect, it } from 'vitest';
import { isQuotaContended, toAnswerError } from './errors.js';

const refusal = (message: string) => toAnswerError(409, JSON.stringify({ message }), 'POST /x');
const changed = 'the object has been modified; please apply your changes to the latest version and try again';

describe('a 409 of the API', () => {
  it.each([
    ['a quota that others use', `Operation cannot be fulfilled on resourcequotas "q": ${changed}`, 'unavailable', true],
    ['a change by others', `Operation cannot be fulfilled on pods "p": ${changed}`, 'unavailable', false],
    [
      'another object of that name',
      'Operation cannot be fulfilled on pods "p": Precondition failed: UID in precondition: a, UID in object meta: b',
      'conflict',
      false,
    ],
    ['a name that is taken', 'pods "p" already exists', 'conflict', false],
  ])('for %s is told from the others', (_, message, kind, isContended) => {
    const error = refusal(message);
    expect(error.kind).toBe(kind);
    expect(isQuotaContended(error)).toBe(isContended);
  });
});
