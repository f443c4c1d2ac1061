import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExecShell } from '../command/exec-shell.js';
import type { CommandIo, CommandRun, Shell } from '../exec.js';
import { LocalTransport } from '../memory/local-transport.js';
import { SessionWorkspace } from './session-workspace.js';

let directory: string;
let workspace: SessionWorkspace;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nalabo-workspace-'));
  for (const index of [0, 1, 2, 3, 4]) await mkdir(join(directory, '.folders', String(index)), { recursive: true });
  const path = `${at('bin')}:/usr/local/bin:/usr/bin:/bin`;
  const shell = new ExecShell(new LocalTransport({ directory, environment: { PATH: path } }));
  workspace = new SessionWorkspace(inDirectory(shell), AbortSignal.timeout(20_000));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A shell whose `/workspace` is a directory of this machine. */
function inDirectory(shell: Shell): Shell {
  const run = (command: CommandRun, io: CommandIo, signal: AbortSignal) =>
    shell.run({ ...command, workingDirectory: directory }, io, signal);
  return { run, close: () => shell.close() };
}

const at = (path: string): string => join(directory, path);
const refused = { kind: 'unprocessable' };

describe('the workspace of a session', { timeout: 30_000 }, () => {
  it('gives back every character of a file, and null for none', async () => {
    const strange = 'first\n\n  $HOME "é" \\n \'%s\' \u{1f600}\n#end\n\n';
    for (const text of [strange, `zero\0byte`, '-n', 'x'.repeat(500_000)]) {
      await workspace.write('deep/er/-file name', text);
      expect(await workspace.read('deep/er/-file name')).toBe(text);
    }
    await workspace.write('deep/er/-file name', '');
    expect(await workspace.read('deep/er/-file name')).toBe('');
    await workspace.write('deep/er/-file name', null);
    expect(await workspace.read('deep/er/-file name')).toBeNull();
    await workspace.write('never/there', null);
  });

  it('leaves nothing half-written behind', async () => {
    await workspace.write('a', 'b');
    expect((await workspace.look([])).filled).toEqual([]);
    await expect(readFile(at('a'), 'utf8')).resolves.toBe('b');
  });

  it('refuses what is no file, and what is too large to be kept', async () => {
    await mkdir(at('folder'));
    await symlink('/nowhere', at('dangling'));
    await writeFile(at('large'), Buffer.alloc(2 ** 20 + 1));
    await writeFile(at('picture'), Buffer.from([0x89, 0x50, 0xff]));
    for (const path of ['folder', 'dangling', 'large', 'picture'])
      await expect(workspace.read(path)).rejects.toMatchObject(refused);
    await expect(workspace.write('folder', 'x')).rejects.toMatchObject(refused);
    await expect(workspace.write('folder', null)).rejects.toMatchObject(refused);
  });

  it('reads no more than can be kept', async () => {
    const paths = ['a', 'b', 'c', 'd', 'e'];
    for (const path of paths) await writeFile(at(path), Buffer.alloc(2 ** 20, 'x'));
    expect((await workspace.readAll(['none', ...paths.slice(1)])).get('none')).toBeNull();
    await expect(workspace.readAll(paths)).rejects.toMatchObject(refused);
  });

  it('moves a folder into a volume and back', async () => {
    await workspace.write('site/html/index.html', 'hello');
    await workspace.claim('site/html', 2);
    expect(await readFile(at('.folders/2/index.html'), 'utf8')).toBe('hello');
    expect(await readlink(at('site/html'))).toBe('../.folders/2');
    expect(await workspace.look(['site/html', 'other'])).toEqual({
      links: { 'site/html': 2 },
      filled: [2],
      others: [],
    });
    await workspace.write('site/html/more.html', 'more');
    await workspace.release('site/html', 2);
    expect(await readFile(at('site/html/more.html'), 'utf8')).toBe('more');
    expect(await workspace.look(['site/html'])).toEqual({ links: {}, filled: [], others: [] });
  });

  it('does the same twice without harm, and makes a folder that is not there', async () => {
    await workspace.claim('new', 0);
    await workspace.claim('new', 0);
    await workspace.write('new/a', 'b');
    await workspace.release('new', 0);
    await workspace.release('new', 0);
    expect(await readFile(at('new/a'), 'utf8')).toBe('b');
  });

  it('loses nothing of a folder whose move into a volume has broken off', async () => {
    await workspace.write('html/whole', 'all of it');
    await workspace.write('.folders/0/whole', 'all');
    await workspace.write('.folders/0/only here', 'x');
    await workspace.release('html', 0);
    expect(await readFile(at('html/whole'), 'utf8')).toBe('all of it');
    expect(await readFile(at('html/only here'), 'utf8')).toBe('x');
    expect((await workspace.look([])).filled).toEqual([]);
  });

  it('moves nothing out of a volume when there is no room for it', async () => {
    await workspace.write('html/a', 'b');
    await workspace.claim('html', 0);
    await workspace.write('bin/cp', "#!/bin/sh\necho 'cp: error writing a: No space left on device' >&2\nexit 1\n");
    await chmod(at('bin/cp'), 0o755);
    await expect(workspace.release('html', 0)).rejects.toMatchObject(refused);
    expect(await readFile(at('html/a'), 'utf8')).toBe('b');
    expect(await readdir(directory)).toEqual(['.folders', 'bin', 'html']);
    expect((await workspace.look(['html'])).links).toEqual({ html: 0 });
  });

  it('leaves nothing beside a folder that it moves', async () => {
    await workspace.write('html/a', 'b');
    await workspace.claim('html', 0);
    expect(await readdir(directory)).toEqual(['.folders', 'html']);
    await workspace.release('html', 0);
    expect(await readdir(directory)).toEqual(['.folders', 'html']);
  });

  it('brings back the mode of a folder', async () => {
    await workspace.write('html/a', 'b');
    await chmod(at('html'), 0o750);
    await workspace.claim('html', 0);
    await workspace.release('html', 0);
    expect((await stat(at('html'))).mode & 0o777).toBe(0o750);
  });

  it('takes in what a learner has put in the place of the link', async () => {
    await workspace.claim('html', 0);
    await rm(at('html'));
    await workspace.write('html/own', 'x');
    await workspace.claim('html', 0);
    expect(await readFile(at('.folders/0/own'), 'utf8')).toBe('x');
  });

  it('follows no link of the learner, and replaces no file by a folder', async () => {
    await symlink('/etc', at('html'));
    await writeFile(at('file'), 'x');
    await expect(workspace.claim('html', 0)).rejects.toMatchObject(refused);
    await expect(workspace.claim('file', 0)).rejects.toMatchObject(refused);
    await expect(workspace.release('html', 0)).rejects.toMatchObject(refused);
    await workspace.write('site/a', 'b');
    await symlink('.folders/0', at('site/html'));
    const look = await workspace.look(['html', 'file', 'site/html', 'site', 'none']);
    expect(look).toMatchObject({ links: {}, others: ['html', 'file', 'site/html'] });
  });
});
