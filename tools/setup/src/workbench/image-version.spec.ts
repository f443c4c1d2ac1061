import { describe, expect, it } from 'vitest';
import type { SourceFile } from './image-source.js';
import { imageVersion } from './image-version.js';

const file = (path: string, content: string, executable = false): SourceFile => ({
  path,
  executable,
  content: Buffer.from(content),
});
const files = [file('packages.txt', 'bash\ngit\n'), file('rootfs/keeper', 'v1', true)];
const version = imageVersion(files, 'x64');

describe('the version of an image', () => {
  it('does not depend on the order of files or packages', () => {
    expect(imageVersion([...files].reverse(), 'x64')).toEqual(version);
    expect(imageVersion([file('packages.txt', 'git bash')], 'x64').packagesHash).toBe(version.packagesHash);
  });

  it.each([
    ['a changed file', [files[0], file('rootfs/keeper', 'v2', true)]],
    ['a changed mode', [files[0], file('rootfs/keeper', 'v1', false)]],
    ['a renamed file', [files[0], file('rootfs/guard', 'v1', true)]],
  ])('keeps the package tree but not the image for %s', (_, changed) => {
    const next = imageVersion(changed as SourceFile[], 'x64');
    expect(next.packagesHash).toBe(version.packagesHash);
    expect(next.imageHash).not.toBe(version.imageHash);
  });

  it('changes as a whole with the package list and with the processor', () => {
    const more = imageVersion([file('packages.txt', 'bash git jq')], 'x64');
    expect(more.packagesHash).not.toBe(version.packagesHash);
    expect(imageVersion(files, 'arm64').imageHash).not.toBe(version.imageHash);
  });
});
