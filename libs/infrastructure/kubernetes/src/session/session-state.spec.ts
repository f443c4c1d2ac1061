import { describe, expect, it } from 'vitest';
import type { KubePod } from './kube-pod.js';
import { awaitsInitial, lacksControlPlane, sessionState, unnoted } from './session-state.js';
import { partsOf } from './session-sight.js';

const namespace = (isolation: string, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'n', labels: { 'nalabo.io/isolation': isolation }, ...metadata },
});
const virtual = namespace('vcluster');

const now = new Date('2026-01-01T12:00:00Z');

function pod(part: string, isReady = true, metadata = {}, status = {}): KubePod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: part, uid: 'first', labels: { 'nalabo.io/part': part }, ...metadata },
    status: {
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [{ name: part, restartCount: 0, state: { running: {} } }],
      ...status,
    },
  };
}
const controlPlane = (isReady = true, uid = 'first') => pod('control-plane', isReady, { uid });
const unreadySince = (lastTransitionTime: string) =>
  pod('control-plane', false, {}, { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] });
const noting = (uid: string) => pod('workbench', true, { annotations: { 'nalabo.io/control-plane': uid } });
const dead = pod('workbench', true, {}, { phase: 'Failed', reason: 'Evicted' });

describe('a session with a virtual cluster', () => {
  it.each<[string, KubePod | undefined, KubePod | undefined, string, RegExp | null]>([
    ['whose control plane is the noted one', noting('first'), controlPlane(), 'ready', null],
    ['whose control plane is busy', noting('first'), unreadySince('2026-01-01T11:59:30Z'), 'ready', null],
    [
      'whose control plane is silent',
      noting('first'),
      unreadySince('2026-01-01T11:58:30Z'),
      'pending',
      /does not answer/,
    ],
    ['whose control plane is not noted yet', pod('workbench'), controlPlane(), 'pending', /cluster is starting/],
    ['whose control plane has no pod yet', pod('workbench'), undefined, 'pending', /cluster is starting/],
    ['whose control plane is gone', noting('first'), undefined, 'stopped', /cluster was lost$/],
    ['whose control plane is another one', noting('first'), controlPlane(true, 'other'), 'stopped', /lost .*anew/],
    ['whose workbench has ended', dead, controlPlane(), 'stopped', /Evicted/],
    ['whose workbench is missing', undefined, controlPlane(), 'stopped', /missing/],
  ])('%s reads so', (_, workbench, plane, readiness, reason) => {
    const state = sessionState({ namespace: virtual, workbench, controlPlane: plane }, now);
    expect(state.readiness).toBe(readiness);
    if (reason) expect(state.reason).toMatch(reason);
    else expect(state.reason).toBeNull();
  });

  it('has notes to take of another control plane and of restarts, and none when all is noted', () => {
    const restarted = pod('workbench', true, {}, { containerStatuses: [{ name: 'workbench', restartCount: 2 }] });
    const sight = { namespace: virtual, controlPlane: controlPlane(true, 'other') };
    expect(unnoted({ ...sight, workbench: noting('first') })).toEqual({ 'nalabo.io/control-plane': 'other' });
    expect(unnoted({ ...sight, workbench: restarted })).toEqual({
      'nalabo.io/control-plane': 'other',
      'nalabo.io/restarts': '2',
    });
    expect(unnoted({ ...sight, workbench: noting('other') })).toBeUndefined();
    expect(unnoted({ ...sight, workbench: undefined })).toBeUndefined();
    expect(unnoted({ ...sight, workbench: noting('first'), controlPlane: undefined })).toBeUndefined();
  });

  it('lacks a control plane whose pods have all ended or are on their way out', () => {
    const failed = pod('control-plane', true, { uid: 'failed' }, { phase: 'Failed' });
    const ending = pod('control-plane', true, { uid: 'ending', deletionTimestamp: '2026-01-01T12:00:00Z' });
    expect(lacksControlPlane({ namespace: virtual, ...partsOf([failed, ending]) })).toBe(true);
    const sight = { namespace: virtual, ...partsOf([failed, ending, controlPlane(true, 'new')]) };
    expect(lacksControlPlane(sight)).toBe(false);
    expect(sight.controlPlane?.metadata.uid).toBe('new');
  });
});

describe('a session in a namespace', () => {
  it('needs no control plane', () => {
    const sight = { namespace: namespace('namespace'), workbench: pod('workbench'), controlPlane: undefined };
    expect(sessionState(sight)).toEqual({ readiness: 'ready', reason: null });
    expect(lacksControlPlane(sight)).toBe(false);
  });

  it('is stopped while it is being removed', () => {
    const ending = namespace('namespace', { deletionTimestamp: '2026-01-01T12:00:00Z' });
    const sight = { namespace: ending, workbench: pod('workbench'), controlPlane: undefined };
    expect(sessionState(sight)).toMatchObject({ readiness: 'stopped', reason: expect.stringMatching(/removed/) });
  });
});

describe('a session whose workshop brings objects', () => {
  const bringing = (state: string) => namespace('namespace', { annotations: { 'nalabo.io/initial': state } });
  const parts = { workbench: pod('workbench'), controlPlane: undefined };

  it('is not ready before they are there, and then is', () => {
    const sight = { namespace: bringing('pending'), ...parts };
    expect(awaitsInitial(sight)).toBe(true);
    expect(sessionState(sight)).toEqual({ readiness: 'pending', reason: expect.stringContaining('workshop brings') });
    expect(awaitsInitial({ namespace: bringing('applied'), ...parts })).toBe(false);
    expect(sessionState({ namespace: bringing('applied'), ...parts })).toEqual({ readiness: 'ready', reason: null });
  });

  it('gets them when everything else runs', () => {
    const sight = { namespace: bringing('pending'), workbench: pod('workbench', false), controlPlane: undefined };
    expect(awaitsInitial(sight)).toBe(false);
    expect(sessionState(sight).reason).not.toContain('workshop brings');
    expect(sessionState({ ...sight, workbench: dead })).toMatchObject({ readiness: 'stopped' });
  });
});
