import { describe, expect, it } from 'vitest';
import {
  apiServicesFinding,
  metricsFinding,
  storageClassesFinding,
  versionFinding,
  type ApiService,
} from './cluster-findings.js';

const service = (name: string, status: string, message?: string): ApiService => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name },
  status: { conditions: [{ type: 'Available', status, ...(message === undefined ? {} : { message }) }] },
});
const storageClass = (name: string, isDefault: boolean) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } },
});

describe('the finding about the version', () => {
  it.each([
    ['1', '34', 'ok'],
    ['1', '30+', 'ok'],
    ['1', '29', 'failed'],
    ['2', '0', 'ok'],
  ])('of %s.%s is %s', (major, minor, status) => {
    expect(versionFinding({ major, minor, gitVersion: `v${major}.${minor}` })).toMatchObject({ status });
  });
});

describe('the finding about API services', () => {
  it('is well when all are available', () => {
    const services = [service('v1.', 'True'), service('v1.apps', 'True')];
    expect(apiServicesFinding(services)).toEqual({
      name: 'API services',
      status: 'ok',
      detail: 'all 2 are available',
    });
  });

  it('names those that are away, and what follows', () => {
    const silent = { ...service('v1.silent', ''), status: {} };
    const services = [service('v1.', 'True'), service('v1beta1.metrics.k8s.io', 'False', 'no endpoints'), silent];
    expect(apiServicesFinding(services)).toEqual({
      name: 'API services',
      status: 'failed',
      detail:
        'no namespace can be removed while an API service is away: ' +
        'v1beta1.metrics.k8s.io (no endpoints), v1.silent (it has never been available)',
    });
  });
});

describe('the finding about metrics', () => {
  it.each<[string, ApiService[], string]>([
    ['available', [service('v1beta1.metrics.k8s.io', 'True')], 'ok'],
    ['away', [service('v1beta1.metrics.k8s.io', 'False')], 'warning'],
    ['not there', [service('v1.', 'True')], 'warning'],
  ])('that are %s', (_case, services, status) => {
    expect(metricsFinding(services)).toMatchObject({ name: 'metrics', status });
  });
});

describe('the finding about storage classes', () => {
  it.each([
    ['one default', [storageClass('fast', false), storageClass('slow', true)], 'ok', 'the default is slow'],
    [
      'two defaults',
      [storageClass('a', true), storageClass('b', true)],
      'warning',
      'more than one is the default: a, b',
    ],
    [
      'no default',
      [storageClass('a', false)],
      'warning',
      'none of 1 is the default: claims of learners that name no class stay pending',
    ],
  ])('of a cluster with %s', (_case, classes, status, detail) => {
    expect(storageClassesFinding(classes)).toEqual({ name: 'storage classes', status, detail });
  });
});
