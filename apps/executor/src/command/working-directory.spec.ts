import { describe, expect, it } from 'vitest';
import { workingDirectoryOf } from './working-directory.js';

describe('workingDirectoryOf', () => {
  it.each([
    [null, '/workspace'],
    ['/', '/'],
    ['/workspace/app', '/workspace/app'],
    ['/home/lab/', '/home/lab/'],
    ['/process', '/process'],
    ['/devel', '/devel'],
    ['/tmp/a b', '/tmp/a b'],
  ])('turns %j into %j', (cwd, expected) => {
    expect(workingDirectoryOf(cwd)).toBe(expected);
  });

  it.each([
    '',
    'workspace',
    './workspace',
    '..',
    '/workspace/..',
    '/workspace/../etc',
    '/workspace/./app',
    '//workspace',
    '/workspace//app',
    '/proc',
    '/proc/',
    '/proc/self/fd/7',
    '/proc/1/root',
    '/sys',
    '/sys/fs/cgroup',
    '/dev',
    '/dev/shm',
    '/dev/../proc',
  ])('refuses %j as unprocessable and names the field', (cwd) => {
    expect(() => workingDirectoryOf(cwd)).toThrow(
      expect.objectContaining({ kind: 'unprocessable', details: { field: 'cwd' } }),
    );
  });
});
