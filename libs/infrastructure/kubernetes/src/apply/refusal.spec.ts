import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { toAnswerError, toClusterError } from '../cluster/errors.js';
import { isRefusal, messageOf, violationsOf } from './refusal.js';

const answer = (status: number, body: object) => toAnswerError(status, JSON.stringify(body), 'PATCH /secret/path');
const source = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: 'one',
  namespace: null,
  content: {},
  document: 2,
  line: 7,
};

describe('an answer of the API', () => {
  it.each([
    [400, true],
    [403, true],
    [404, true],
    [409, true],
    [422, true],
    [401, false],
    [429, false],
    [500, false],
    [503, false],
  ])('of status %i is a refusal of the object: %s', (status, expected) => {
    expect(isRefusal(answer(status, { message: 'm' }))).toBe(expected);
  });

  it.each([
    ['failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.unheard: not declared', true],
    ['failed to convert new object (default/web; /v1, Kind=Pod) to proper version: quantities must match', true],
    ['etcdserver: request timed out', false],
  ])('of status 500 that says "%s" is a refusal: %s', (message, expected) => {
    expect(isRefusal(answer(500, { message }))).toBe(expected);
  });

  it('is none when there was no answer', () => {
    expect(isRefusal(toClusterError(new Error('ECONNRESET'), 'PATCH /x'))).toBe(false);
    expect(isRefusal(new AppError('conflict', 'own'))).toBe(false);
    expect(isRefusal(new Error('x'))).toBe(false);
  });

  it('names every field where the API does', () => {
    const causes = [
      { reason: 'FieldValueRequired', field: 'spec.selector', message: 'Required value' },
      { reason: 'FieldValueInvalid', field: 'spec.replicas', message: 'Invalid value: -1' },
    ];
    const error = answer(422, { message: 'Deployment "one" is invalid', details: { causes } });
    expect(violationsOf(error, source)).toEqual([
      { field: 'configuration', path: 'spec.selector', message: 'Required value', document: 2, line: 7 },
      { field: 'configuration', path: 'spec.replicas', message: 'Invalid value: -1', document: 2, line: 7 },
    ]);
  });

  it('of a policy of the cluster is told as a whole', () => {
    const message = 'configmaps "one" is forbidden: ValidatingAdmissionPolicy \'x\' denied request: no finalizers';
    const error = answer(422, { message, details: { causes: [{ message: 'no finalizers' }] } });
    expect(violationsOf(error, source)).toMatchObject([{ path: 'ConfigMap/one', message }]);
  });

  it('is told in its own words where it names no field, and never with our request', () => {
    const error = answer(400, { message: '.spec.unheard: field not declared in schema' });
    expect(violationsOf(error, source)).toEqual([
      {
        field: 'configuration',
        path: 'ConfigMap/one',
        message: '.spec.unheard: field not declared in schema',
        document: 2,
        line: 7,
      },
    ]);
    expect(messageOf(answer(500, {}))).toBe('The cluster failed.');
    expect(messageOf(answer(403, { message: 'x'.repeat(5_000) }))).toHaveLength(1_000);
  });
});
