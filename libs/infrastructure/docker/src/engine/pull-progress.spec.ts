import { expect, it } from 'vitest';
import { PullProgress } from './pull-progress.js';

it('adds up what is downloaded of the layers, and ends at their sizes', () => {
  const progress = new PullProgress();
  const lines = [
    { status: 'Pulling from library/nginx', id: 'alpine' },
    { status: 'Downloading', id: 'a', progressDetail: { current: 10, total: 100 } },
    { status: 'Downloading', id: 'b', progressDetail: { current: 5, total: 50 } },
    { status: 'Download complete', id: 'a', progressDetail: {} },
    { status: 'Extracting', id: 'a', progressDetail: { current: 1, total: 100 } },
  ];
  for (const line of lines) expect(progress.read(`${JSON.stringify(line)}\r`)).toBeUndefined();
  expect(progress.bytes).toEqual({ current: 105, total: 150 });
});

it('tells of a failure in the middle, and takes an empty line for nothing', () => {
  const progress = new PullProgress();
  expect(progress.read('')).toBeUndefined();
  expect(progress.read('{"error":"broken"}')).toBe('broken');
});
