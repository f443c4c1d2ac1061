import { expect, it } from 'vitest';
import { buildParameters } from './build-parameters.js';

it('the builder is told these parameters and no others', () => {
  expect(buildParameters({ tag: 'one:1', dockerfile: 'Dockerfile.1', cgroupParent: '/builds' })).toEqual({
    t: 'one:1',
    dockerfile: 'Dockerfile.1',
    cgroupparent: '/builds',
    networkmode: 'none',
    memory: '536870912',
    memswap: '536870912',
    cpuperiod: '100000',
    cpuquota: '100000',
    shmsize: '33554432',
    ulimits:
      '[{"Name":"nofile","Soft":2048,"Hard":2048},{"Name":"fsize","Soft":536870912,"Hard":536870912},{"Name":"core","Soft":0,"Hard":0}]',
    rm: '1',
    forcerm: '1',
  });
});
