import { describe, expect, it } from 'vitest';
import type { DockerfileModel } from './dockerfile-model.js';
import { judgeBases } from './judge-bases.js';
import { readDockerfile } from './read-dockerfile.js';

const images = ['nginx:alpine', 'node:18-alpine'];

function modelOf(text: string): DockerfileModel {
  const read = readDockerfile(text, { images, files: new Map() });
  if ('model' in read) return read.model;
  throw new Error(JSON.stringify(read.violations));
}

describe('the images that stages begin with', () => {
  const model = modelOf('FROM node:18-alpine AS build\nFROM build\nFROM nginx:alpine\n');

  it('are allowed as long as the workshop has them', () => {
    expect(judgeBases(model, images)).toEqual([]);
  });

  it('are refused once it has not, whichever stage it is', () => {
    const told = [{ rule: 'dockerfile.from.image', path: 'FROM', line: null }];
    expect(judgeBases(model, ['nginx:alpine'])).toMatchObject(told);
    expect(judgeBases(model, ['node:18-alpine'])).toMatchObject(told);
  });
});
