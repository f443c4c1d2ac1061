import { readDockerfile } from '@nalabo/policy';
import { expect, it } from 'vitest';
import { basesOf, buildText } from './build-text.js';

const text = 'FROM node:18-alpine AS build\nRUN npm -v\nFROM nginx:alpine AS web\nFROM web\nCOPY --from=build /a /a\n';

it('what an engine gets is marked in each stage, and begins with images that cannot change', () => {
  const read = readDockerfile(text, { images: ['node:18-alpine', 'nginx:alpine'], files: new Map() });
  const model = 'model' in read ? read.model : expect.fail('refused');
  expect(basesOf(model)).toEqual(['node:18-alpine', 'nginx:alpine']);
  const bases = new Map([
    ['node:18-alpine', 'sha256:1'],
    ['nginx:alpine', 'nginx@sha256:2'],
  ]);
  expect(buildText(model, { labels: { 'io.nalabo.session': 'a', 'io.nalabo.build': 'b' }, bases })).toBe(
    [
      'FROM sha256:1 AS build',
      'LABEL io.nalabo.session="a" io.nalabo.build="b"',
      'RUN npm -v',
      'FROM nginx@sha256:2 AS web',
      'LABEL io.nalabo.session="a" io.nalabo.build="b"',
      'FROM web',
      'LABEL io.nalabo.session="a" io.nalabo.build="b"',
      'COPY --from=build /a /a',
      '',
    ].join('\n'),
  );
});
