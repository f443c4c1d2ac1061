import type { AppliedObject } from '@nalabo/contracts';
import type { ApplyFacet, ApplyModel, ApplyPlan, ComposeModel } from '@nalabo/infrastructure-port';
import { AppError, newSessionId } from '@nalabo/kernel';
import { anActor } from '@nalabo/testing';
import { describe, expect, it } from 'vitest';
import { type AppliedChange, ApplyAttempt } from './apply-attempt.js';
import type { ApplyOrder } from './apply-order.js';

const limits = { cpuMillicores: 1000, memoryBytes: 2 ** 31, storageBytes: 2 ** 30 };
const noServices: ComposeModel = { services: [], networks: [], volumes: [], folders: [] };
const services: ApplyModel = { type: 'compose', compose: noServices, files: new Map([['a', 'new']]) };
const manifests: ApplyModel = { type: 'yaml', objects: [] };
const current = { type: 'compose', compose: noServices, folders: { old: 0 } } as const;
const applied = { type: 'compose', compose: noServices, folders: { html: 1 } } as const;
const object = (action: AppliedObject['action']): AppliedObject => {
  return { apiVersion: null, kind: 'service', name: 'web', namespace: null, action };
};
const notes = [{ path: 'version', line: 1, message: 'is ignored' }];
const signal = new AbortController().signal;

function attempt(model: ApplyModel, overrides: { order?: Partial<ApplyOrder>; facet?: Partial<ApplyFacet> } = {}) {
  const order: ApplyOrder = {
    applyId: 'apply',
    sessionId: newSessionId(),
    type: model.type,
    dryRun: false,
    digest: 'd',
    rollbackOf: null,
    idempotency: null,
    envelope: { actor: anActor() } as ApplyOrder['envelope'],
    read: () => ({ model, notes }),
    ...overrides.order,
  };
  const facet: ApplyFacet = {
    takes: model.type,
    manifestScope: () => Promise.resolve({ isolation: 'virtual' }),
    plan: (ref, request): Promise<ApplyPlan> =>
      Promise.resolve({
        ...request,
        ref,
        changes: [object('created')],
        applied: model.type === 'compose' ? applied : null,
        filesBefore: new Map([['a', 'old']]),
      }),
    apply: () => Promise.resolve([object('created')]),
    logs: () => Promise.reject(new AppError('not_found', 'none')),
    kubeconfig: () => Promise.reject(new AppError('unprocessable', 'none')),
    ...overrides.facet,
  };
  const place = { facet, limits, ref: { sessionId: newSessionId(), generation: 1 } };
  const remembered: AppliedChange[] = [];
  const remember = (change: AppliedChange): Promise<void> => Promise.resolve(void remembered.push(change));
  return Object.assign(new ApplyAttempt(order, place, { images: [], current, initial: null }, remember), {
    remembered,
  });
}

describe('an attempt at an apply', () => {
  it('leaves the session with what was planned, and remembers what was there before', async () => {
    const one = attempt(services);
    expect(await one.carryOut(signal)).toEqual({
      state: 'finished',
      objects: [object('created')],
      notes,
      change: {
        before: current,
        after: applied,
        filesBefore: new Map([['a', 'old']]),
        filesAfter: new Map([['a', 'new']]),
        planned: { created: 1, changed: 0, unchanged: 0, removed: 0, failed: 0 },
      },
    });
    expect(one.outcome).toEqual({ kind: 'applied', model: applied });
    expect(one.remembered).toMatchObject([{ before: current }]);
  });

  it('that is only tried leaves the session as it was', async () => {
    const one = attempt(services, { order: { dryRun: true } });
    expect(await one.carryOut(signal)).toMatchObject({ state: 'finished', change: null });
    expect(one.outcome).toEqual({ kind: 'unchanged' });
    expect(one.remembered).toEqual([]);
  });

  it('in which a service has failed leaves it to the provisioner that all is as it was', async () => {
    const one = attempt(services, { facet: { apply: () => Promise.resolve([object('created'), object('failed')]) } });
    expect(await one.carryOut(signal)).toMatchObject({ state: 'failed', change: null, objects: [{}, {}] });
    expect(one.outcome).toEqual({ kind: 'unsettled' });
  });

  it('in which a manifest has failed keeps the others, and only applies remember them', async () => {
    const one = attempt(manifests, { facet: { apply: () => Promise.resolve([object('failed')]) } });
    const change = { before: null, after: manifests };
    expect(await one.carryOut(signal)).toMatchObject({ state: 'finished', change });
    expect(one.outcome).toEqual({ kind: 'applied', model: null });
  });

  it.each([
    ['the file', 'unchanged', { order: { read: () => fail() } }],
    ['the plan', 'unchanged', { facet: { plan: () => Promise.reject(new AppError('unprocessable', 'no')) } }],
    ['the infrastructure', 'unsettled', { facet: { apply: () => Promise.reject(new AppError('cancelled', 'no')) } }],
  ] as const)('that ends with an error of %s leaves the session %s', async (_, kind, overrides) => {
    const one = attempt(services, overrides);
    await expect(one.carryOut(signal)).rejects.toBeInstanceOf(AppError);
    expect(one.outcome).toEqual({ kind });
  });
});

function fail(): never {
  throw new AppError('unprocessable', 'no');
}
