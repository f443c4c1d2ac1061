import { describe, expect, it } from 'vitest';
import type { AppliedModel } from '../apply.js';
import { type PlanSources, planServices } from './plan-services.js';
import type { HeldServices } from './service-host.js';
import { serviceDigest } from './service-text.js';
import { anAppliedModel, aService } from './services.cases.js';

const nothingHeld: HeldServices = { services: new Map(), networks: [], volumes: [] };

/** What is there when a model was carried out. */
function heldOf({ compose, folders }: AppliedModel): HeldServices {
  const services = compose.services.map(
    (service) => [service.name, { digest: serviceDigest(service, folders), isWell: true }] as const,
  );
  return {
    services: new Map(services),
    networks: compose.networks.filter((name) => name !== 'default'),
    volumes: compose.volumes,
  };
}

const plan = (sources: Partial<PlanSources>) =>
  planServices({
    current: null,
    wanted: null,
    held: nothingHeld,
    files: new Map(),
    filesBefore: new Map(),
    ...sources,
  });
const told = (sources: Partial<PlanSources>) =>
  plan(sources).map(({ action, kind, name }) => `${action} ${kind} ${name}`);

const html = { source: { kind: 'folder', folder: 'html' }, target: '/srv', readOnly: false } as const;
const data = { source: { kind: 'volume', name: 'data' }, target: '/data', readOnly: false } as const;
const front = { name: 'front', aliases: [] };
const web = aService('web', {
  mounts: [html, data],
  networks: [front],
  dependsOn: [{ service: 'db', condition: 'started' }],
});
const model = anAppliedModel({ html: 0 }, web, aService('db'));

describe('the plan of services', () => {
  it('makes everything, each service after those that it depends on', () => {
    const files = new Map([['html/index.html', 'hello\n']]);
    expect(told({ wanted: model, files })).toEqual([
      'created network front',
      'created volume data',
      'created folder html',
      'created file html/index.html',
      'created service db',
      'created service web',
    ]);
  });

  it('leaves all as it is when it is as wanted', () => {
    const files = new Map([['a', 'b']]);
    const actions = plan({ current: model, wanted: model, held: heldOf(model), files, filesBefore: files });
    expect(actions.map(({ action }) => action)).toEqual(Array.from({ length: 6 }, () => 'unchanged'));
  });

  it('removes what is not wanted any more, the services first', () => {
    expect(told({ current: model, held: heldOf(model) })).toEqual([
      'removed service web',
      'removed service db',
      'removed network front',
      'removed folder html',
      'removed volume data',
    ]);
  });

  it('shows how a service changes', () => {
    const wanted = anAppliedModel({}, aService('web', { environment: { MODE: 'new' } }));
    const current = anAppliedModel({}, aService('web', { environment: { MODE: 'old' } }));
    const [change] = plan({ current, wanted, held: heldOf(current) });
    expect(change).toMatchObject({ action: 'changed', apiVersion: null, namespace: null });
    expect(change?.diff).toMatch(/^--- live\n\+\+\+ applied\n[^]*-  MODE: old\n\+  MODE: new\n/);
  });

  it('changes a service whose folder has got another volume', () => {
    const only = (index: number) => anAppliedModel({ html: index }, aService('web', { mounts: [html] }));
    expect(told({ current: only(0), wanted: only(1), held: heldOf(only(0)) })).toContain('changed service web');
  });

  it('changes a service that mounts the workspace when another folder has got a volume', () => {
    const whole = aService('app', { mounts: [{ ...html, source: { kind: 'workspace' } }] });
    const before = anAppliedModel({}, whole);
    const wanted = anAppliedModel({ html: 0 }, whole, web);
    expect(told({ current: before, wanted, held: heldOf(before) })).toContain('changed service app');
    expect(told({ current: wanted, wanted, held: heldOf(wanted) })).toContain('unchanged service app');
  });

  it('changes a service that has failed, and makes one that is gone', () => {
    const [web] = [anAppliedModel({}, aService('web'))];
    const held = { ...heldOf(web), services: new Map([['web', { digest: 'x', isWell: false }]]) };
    expect(told({ current: web, wanted: web, held })).toEqual(['changed service web']);
    expect(told({ current: web, wanted: web })).toEqual(['created service web']);
  });

  it('tells of files what becomes of each', () => {
    const files = new Map([
      ['new', 'a\n'],
      ['same', 'b\n'],
      ['other', 'c\n'],
      ['gone', null],
      ['never', null],
    ]);
    const filesBefore = new Map([
      ['new', null],
      ['same', 'b\n'],
      ['other', 'd\n'],
      ['gone', 'e\n'],
      ['never', null],
    ]);
    expect(told({ files, filesBefore })).toEqual([
      'created file new',
      'unchanged file same',
      'changed file other',
      'removed file gone',
    ]);
    expect(plan({ files, filesBefore })[2]?.diff).toContain('-d\n+c\n');
  });

  it('tells no more differences than an answer holds, and takes no longer than others can wait', () => {
    const lines = (count: number, letter: string): string =>
      Array.from({ length: count }, (_, i) => `${letter}${i % 7}`).join('\n');
    const many = (text: string) => new Map(Array.from({ length: 100 }, (_, i) => [`f${i}`, text] as const));
    const short = plan({ files: many('\u0001'.repeat(3000)), filesBefore: many('b') });
    expect(JSON.stringify(short).length).toBeLessThan(400_000);
    expect(short[0]?.diff).toBeDefined();
    const begun = performance.now();
    plan({ files: many(lines(2500, 'a')), filesBefore: many(lines(2500, 'b')) });
    plan({ files: many('b'), filesBefore: many('a\n'.repeat(500_000)) });
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  it('removes also what nobody has planned', () => {
    const held = { services: new Map([['lost', { digest: '', isWell: false }]]), networks: ['n'], volumes: ['v'] };
    expect(told({ held })).toEqual(['removed service lost', 'removed network n', 'removed volume v']);
  });
});
