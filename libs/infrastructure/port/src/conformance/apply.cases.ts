import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import { ServicesLearner, toldOf } from './services-learner.js';

const html = { source: { kind: 'folder', folder: 'html' }, target: '/srv/html', readOnly: true } as const;
const data = { source: { kind: 'volume', name: 'data' }, target: '/srv/data', readOnly: false } as const;
const front = { name: 'front', aliases: ['www'] };
const back = { name: 'default', aliases: [] };

export const applyCases: ConformanceGroup = {
  name: 'apply',
  cases: [
    {
      rule: 'A1',
      states: 'what is applied is made, and runs beside the workbench',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const before = await learner.onBackend();
        const web = learner.service('web', { mounts: [html, data], networks: [front, back] });
        const app = learner.service('app', { dependsOn: [{ service: 'web', condition: 'started' }] });
        expect(await learner.apply([app, web], new Map([['html/index.html', 'hello']]))).toEqual([
          'created network front',
          'created volume data',
          'created folder html',
          'created file html/index.html',
          'created service web',
          'created service app',
        ]);
        expect(await learner.running()).toEqual(['app', 'web']);
        expect(await learner.says('cat html/index.html .folders/0/index.html')).toBe('hellohello');
        expect((await learner.onBackend()).length).toBe(before.length + 4);
      },
    },
    {
      rule: 'A2',
      states: 'a plan alone changes nothing, of services and of files',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const before = await learner.onBackend();
        const { changes } = await learner.plan([learner.service('web', { mounts: [html] })], new Map([['a', 'b']]));
        expect(toldOf(changes)).toEqual(['created folder html', 'created file a', 'created service web']);
        expect(await learner.onBackend()).toEqual(before);
        expect(await learner.says('ls')).toBe('');
      },
    },
    {
      rule: 'A3',
      states: 'the same applied twice is unchanged',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const services = [learner.service('web', { mounts: [html, data], networks: [front] })];
        const files = new Map([['html/a', 'b']]);
        await learner.apply(services, files);
        const before = await learner.onBackend();
        const again = await learner.apply(services, files);
        expect(again.filter((line) => !line.startsWith('unchanged '))).toEqual([]);
        expect(again).toHaveLength(5);
        expect(await learner.onBackend()).toEqual(before);
      },
    },
    {
      rule: 'A4',
      states: 'what differs is changed, with its difference, and nothing else',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const other = learner.service('other');
        await learner.apply([learner.service('web'), other], new Map([['note', 'old\n']]));
        const changed = learner.service('web', { environment: { MODE: 'new' } });
        const objects = await learner.carryOut(await learner.plan([changed, other], new Map([['note', 'new\n']])));
        expect(toldOf(objects)).toEqual(['changed file note', 'changed service web', 'unchanged service other']);
        expect(objects[0]?.diff).toContain('-old\n+new\n');
        expect(objects[1]?.diff).toContain('MODE: new');
        expect(await learner.says('cat note')).toBe('new\n');
        expect(await learner.running()).toEqual(['other', 'web']);
      },
    },
    {
      rule: 'A5',
      states: 'what is applied no more is removed, and folders stay with what is in them',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const before = await learner.onBackend();
        const web = learner.service('web', { mounts: [html, data], networks: [front] });
        await learner.apply([web], new Map([['html/a', 'kept']]));
        expect(await learner.apply([])).toEqual([
          'removed service web',
          'removed network front',
          'removed folder html',
          'removed volume data',
        ]);
        expect(await learner.onBackend()).toEqual(before);
        expect(learner.current).toBeNull();
        expect(await learner.says('test ! -L html && cat html/a && ls -A .folders/0')).toBe('kept');
      },
    },
    {
      rule: 'A6',
      states: 'a service that takes another name for its network or volume finds them made anew',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const others = ['a', 'b', 'c'].map((name) => ({ name, aliases: [] }));
        await learner.apply([learner.service('web', { networks: others })]);
        const [, ...kept] = others;
        await learner.apply([learner.service('web', { networks: [...kept, { name: 'd', aliases: [] }] })]);
        expect(await learner.running()).toEqual(['web']);
        const names = (await learner.onBackend()).filter((line) => line.startsWith('network '));
        expect(names.map((line) => line.slice(-4)).filter((end) => end.startsWith('-n-'))).toEqual([
          '-n-b',
          '-n-c',
          '-n-d',
        ]);
      },
    },
    {
      rule: 'A7',
      states: 'what was written is read as the log of its service, and of no other',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        await learner.apply([learner.service('web')]);
        const logs = (service: string) =>
          context.target.apply?.logs(learner.spec, { service, tail: 10, follow: false }, context.deadline());
        for await (const chunk of (await logs('web')) ?? []) expect(chunk.length).toBeGreaterThan(0);
        await expect(logs('db')).rejects.toMatchObject({ kind: 'not_found' });
      },
    },
    {
      rule: 'A8',
      states: 'manifests and kubeconfigs are refused where there is no cluster',
      verify: async (context) => {
        const { spec } = await ServicesLearner.of(context);
        const request = { model: { type: 'yaml', objects: [] }, current: null, limits: spec.limits } as const;
        const { apply } = context.target;
        await expect(apply?.plan(spec, request, context.deadline())).rejects.toMatchObject({ kind: 'unprocessable' });
        await expect(apply?.manifestScope(spec, context.deadline())).rejects.toMatchObject({ kind: 'unprocessable' });
        await expect(apply?.kubeconfig(spec, context.deadline())).rejects.toMatchObject({ kind: 'unprocessable' });
      },
    },
  ],
};
