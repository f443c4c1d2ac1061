import { describe, expect, it } from 'vitest';
import { serviceShare } from './service-share.js';

const mebibyte = 2 ** 20;

describe('the share of a session that services take', () => {
  it.each([
    [1000, 2048, { cpuMillis: 500, memoryBytes: 1024 * mebibyte, processes: 256 }],
    [501, 300, { cpuMillis: 250, memoryBytes: 44 * mebibyte, processes: 256 }],
    [1000, 128, { cpuMillis: 500, memoryBytes: 0, processes: 256 }],
  ])('of %i millicores and %i MiB is %j', (cpuMillicores, mebibytes, share) => {
    const limits = { cpuMillicores, memoryBytes: mebibytes * mebibyte, storageBytes: 2 ** 30 };
    expect(serviceShare(limits)).toEqual(share);
  });
});
