import { describe, expect, it } from 'vitest';
import { baseImageOf, serviceOfImage } from './image-service.js';
import { readDockerfile } from './read-dockerfile.js';

const share = { cpuMillis: 500, memoryBytes: 2 ** 29, processes: 256 };

function modelOf(text: string) {
  const read = readDockerfile(text, { images: ['nginx:alpine', 'node:18-alpine'], files: new Map() });
  return 'model' in read ? read.model : expect.fail('refused');
}

describe('the service of a built image', () => {
  it('is called app, and gets all that is left for services', () => {
    const { services, networks } = serviceOfImage(modelOf('FROM nginx:alpine\n'), 'built', share);
    expect(services).toMatchObject([{ name: 'app', image: 'built', limits: share, command: null, mounts: [] }]);
    expect(networks).toEqual(['default']);
  });

  it('listens where the last stage and those that it begins with say so', () => {
    const text =
      'FROM node:18-alpine AS build\nEXPOSE 9\nFROM nginx:alpine AS web\nEXPOSE 80\nFROM web\nEXPOSE 53/udp 80\n';
    const [service] = serviceOfImage(modelOf(text), 'built', share).services;
    expect(service?.endpoints).toEqual([
      { port: 53, protocol: 'udp', publishedPort: null },
      { port: 80, protocol: 'tcp', publishedPort: null },
    ]);
    expect(baseImageOf(modelOf(text))).toBe('nginx:alpine');
  });
});
