import { AppError } from '@nalabo/kernel';
import { expect } from 'vitest';
import type { ConformanceGroup } from './conformance-case.js';
import { missingProgram, ServicesLearner } from './services-learner.js';

const html = { source: { kind: 'folder', folder: 'html' }, target: '/srv/html', readOnly: false } as const;
const data = { source: { kind: 'volume', name: 'data' }, target: '/srv/data', readOnly: false } as const;
const front = { name: 'front', aliases: [] };
const files = new Map([
  ['html/index.html', 'hello'],
  ['notes/first', 'read me'],
]);

export const initialCases: ConformanceGroup = {
  name: 'what a workshop brings',
  cases: [
    {
      rule: 'A15',
      states: 'ensure brings services and files into a new session, which is ready only with them',
      verify: async (context) => {
        const learner = ServicesLearner.inNewSession(context);
        const web = learner.service('web', { mounts: [html, data], networks: [front] });
        const app = learner.service('app', { dependsOn: [{ service: 'web', condition: 'started' }] });
        await learner.bring([web, app], files);
        expect(await learner.running()).toEqual(['app', 'web']);
        expect(await learner.says('cat html/index.html .folders/0/index.html notes/first')).toBe('hellohelloread me');
      },
    },
    {
      rule: 'A16',
      states: 'what was brought is found by ensure again, and by the first apply',
      verify: async (context) => {
        const learner = ServicesLearner.inNewSession(context);
        const services = [learner.service('web', { mounts: [html, data], networks: [front] })];
        await learner.bring(services, files);
        const before = await learner.onBackend();
        await learner.bring(services, files);
        expect(await learner.onBackend()).toEqual(before);
        const again = await learner.apply(services, files);
        expect(again.filter((line) => !line.startsWith('unchanged '))).toEqual([]);
      },
    },
    {
      rule: 'A17',
      states: 'what was begun to be brought and cut off anywhere is finished by the next ensure',
      verify: async (context) => {
        for (const milliseconds of [50, 400, 800]) {
          const learner = ServicesLearner.inNewSession(context);
          const services = [
            learner.service('web', { mounts: [html, data], networks: [front] }),
            learner.service('app'),
          ];
          const cutOff = AbortSignal.timeout(milliseconds);
          await learner
            .bring(services, files, cutOff)
            .catch((error: unknown) => expect(error).toBeInstanceOf(AppError));
          await learner.bring(services, files);
          expect(await learner.running()).toEqual(['app', 'web']);
          expect(await learner.says('cat html/index.html notes/first; ls .folders/0')).toBe('helloread meindex.html\n');
          await context.target.lifecycle.destroy(learner.spec, context.deadline());
        }
      },
    },
    {
      rule: 'A18',
      states: 'nothing that the learner has changed is brought once more',
      verify: async (context) => {
        const learner = ServicesLearner.inNewSession(context);
        await learner.bring([learner.service('web', { mounts: [html] })], files);
        await learner.says('printf mine > html/index.html; rm -r notes');
        await learner.apply([learner.service('other', { mounts: [html] })]);
        await learner.restore();
        expect(await learner.says('cat html/index.html; ls')).toBe('minehtml\n');
        expect(await learner.running()).toEqual(['other']);
      },
    },
    {
      rule: 'A19',
      states: 'files alone are brought too',
      verify: async (context) => {
        const learner = ServicesLearner.inNewSession(context);
        await learner.bring([], files);
        expect(await learner.says('cat html/index.html notes/first')).toBe('helloread me');
        expect(await learner.running()).toEqual([]);
      },
    },
    {
      rule: 'A20',
      states: 'a service of the workshop that cannot be made fails ensure, which names it',
      verify: async (context) => {
        const learner = ServicesLearner.inNewSession(context);
        const broken = learner.service('broken', { command: missingProgram });
        await expect(learner.bring([broken], files)).rejects.toMatchObject({
          kind: 'unprocessable',
          publicMessage: expect.stringContaining('service broken'),
        });
      },
    },
  ],
};
