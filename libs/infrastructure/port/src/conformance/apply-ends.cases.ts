import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@nalabo/kernel';
import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import { missingProgram, ServicesLearner, toldOf } from './services-learner.js';

const html = { source: { kind: 'folder', folder: 'html' }, target: '/srv/html', readOnly: false } as const;
const data = { source: { kind: 'volume', name: 'data' }, target: '/srv/data', readOnly: false } as const;
const front = { name: 'front', aliases: [] };
const endsAfterMilliseconds = [0, 5, 50, 400];

/** What an executor's signal says when the session is no longer its to change. */
const takenAway = new AppError('gone', 'the session has been taken away');

export const applyEndCases: ConformanceGroup = {
  name: 'apply: cut short',
  cases: [
    {
      rule: 'A9',
      states: 'an apply of which one service fails leaves services, files and folders as they were',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        await learner.says('mkdir html; echo mine > html/own; echo old > note');
        await learner.apply([learner.service('web', { mounts: [data] })]);
        const [before, current] = [await learner.onBackend(), learner.current];
        const changed = learner.service('web', { mounts: [html, data], networks: [front] });
        const broken = learner.service('broken', { command: missingProgram });
        const files = new Map([
          ['note', 'new'],
          ['html/more', 'more'],
        ]);
        const objects = await learner.carryOut(await learner.plan([changed, broken], files));
        expect(toldOf(objects)).toEqual([
          'failed network front',
          'unchanged volume data',
          'failed folder html',
          'failed file note',
          'failed file html/more',
          'failed service web',
          'failed service broken',
        ]);
        const fault = objects.find(({ name }) => name === 'broken')?.message;
        expect(fault).toMatch(/program/);
        expect(objects.find(({ name }) => name === 'web')?.message).toContain('service broken has failed');
        expect(learner.current).toBe(current);
        expect(await learner.onBackend()).toEqual(before);
        expect(await learner.says('cat note html/own; test ! -L html; ls html')).toBe('old\nmine\nown\n');
        expect(await learner.running()).toEqual(['web']);
        expect(await learner.apply([learner.service('web', { mounts: [data] })])).toContain('unchanged service web');
      },
    },
    {
      rule: 'A10',
      states: 'what was before comes back by applying it again, with the files as they were',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        const first = [learner.service('web', { environment: { MODE: 'one' } })];
        await learner.apply(first, new Map([['note', 'one']]));
        const next = await learner.plan(
          [learner.service('app')],
          new Map([
            ['note', 'two'],
            ['other', 'x'],
          ]),
        );
        await learner.carryOut(next);
        expect(await learner.apply(first, next.filesBefore)).toEqual([
          'changed file note',
          'removed file other',
          'created service web',
          'removed service app',
        ]);
        expect(await learner.says('cat note; ls')).toBe('onenote\n');
        expect(await learner.running()).toEqual(['web']);
      },
    },
    {
      rule: 'A11',
      states: 'an apply in the middle of which the session ends leaves nothing after destroy',
      verify: async (context) => {
        for (const milliseconds of endsAfterMilliseconds) {
          const learner = await ServicesLearner.of(context);
          const services = [learner.service('web', { mounts: [data], networks: [front] }), learner.service('app')];
          await cutShort(learner, services, milliseconds);
          await context.target.lifecycle.destroy(learner.spec, context.deadline());
          expect(await learner.onBackend()).toEqual([]);
        }
      },
    },
    {
      rule: 'A12',
      states: 'ensure brings back what a session held before an apply that was cut off anywhere',
      verify: async (context) => {
        for (const milliseconds of endsAfterMilliseconds) {
          const learner = await ServicesLearner.of(context);
          await learner.apply([learner.service('web', { mounts: [data] }), learner.service('app')]);
          const before = await learner.onBackend();
          const services = [learner.service('web', { networks: [front] }), learner.service('new', { mounts: [html] })];
          await cutShort(learner, services, milliseconds);
          await learner.restore();
          expect(await learner.onBackend()).toEqual(before);
          expect(await learner.running()).toEqual(['app', 'web']);
          const { changes } = await learner.plan([learner.service('web', { mounts: [data] }), learner.service('app')]);
          expect(changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
          await context.target.lifecycle.destroy(learner.spec, context.deadline());
        }
      },
    },
    {
      rule: 'A13',
      states: 'ensure brings back services with a workbench that was killed, and removes what nobody wants',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        await learner.apply([learner.service('web', { mounts: [html, data], networks: [front] })]);
        const before = await learner.onBackend();
        await context.harness.killWorkbench(learner.spec);
        await context.stopsBeingReady(learner.spec);
        await learner.restore();
        expect(await learner.onBackend()).toEqual(before);
        expect(await learner.running()).toEqual(['web']);
        await context.ensure(learner.spec);
        expect(await learner.running()).toEqual([]);
        expect((await learner.onBackend()).filter((line) => /-[snv]-/.test(line))).toEqual([]);
      },
    },
    {
      rule: 'A14',
      states: 'destroy removes everything that was applied, and names it',
      verify: async (context) => {
        const learner = await ServicesLearner.of(context);
        await learner.apply([learner.service('web', { mounts: [html, data], networks: [front] })]);
        const before = await learner.onBackend();
        const removed = await context.target.lifecycle.destroy(learner.spec, context.deadline());
        expect(removed.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual(before);
        expect(await learner.onBackend()).toEqual([]);
      },
    },
  ],
};

/** Starts an apply that its executor must give up after a while, and waits until nothing of it is under way. */
async function cutShort(
  learner: ServicesLearner,
  services: Parameters<ServicesLearner['plan']>[0],
  afterMilliseconds: number,
): Promise<void> {
  const plan = await learner.plan(services);
  const executor = new AbortController();
  const current = learner.current;
  const applying = learner.carryOut(plan, executor.signal).then(toldOf, (error: unknown) => [String(error)]);
  await pause(afterMilliseconds);
  executor.abort(takenAway);
  await applying;
  // Nobody has stored what it has come to.
  learner.current = current;
}
