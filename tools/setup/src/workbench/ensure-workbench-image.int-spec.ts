import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../engine/start-engine.js';
import { ensureWorkbenchImage, type WorkbenchImage } from './ensure-workbench-image.js';

const HARD = [
  ...['--rm', '--init', '--read-only', '--network=none', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
  ...['--pids-limit=40', '--memory=256m', '--tmpfs=/tmp', '--tmpfs=/run'],
];
const report = (): void => undefined;
let engine: Engine;
let image: WorkbenchImage;

beforeAll(async () => {
  engine = await startEngine({ report });
  image = await ensureWorkbenchImage({ dockerHost: engine.dockerHost, report });
});
afterAll(() => engine.stop());

function docker(...args: string[]): string {
  const env = { ...process.env, DOCKER_HOST: engine.dockerHost };
  return execFileSync('docker', args, { env, encoding: 'utf8' });
}
const run = (user: string, script: string): string =>
  docker('run', ...HARD, '--user', user, image.reference, 'bash', '-c', script);
const inSeconds = (seconds: number): string => String(Math.floor(Date.now() / 1000) + seconds);

function withKeeper(endsBy: string, use: (container: string) => void): void {
  const command = [image.reference, 'nalabo-keeper', 'session-1', 'workshop-1', endsBy];
  const container = docker('run', '-d', ...HARD.slice(1), '--user=1001', ...command).trim();
  try {
    use(container);
  } finally {
    docker('rm', '-f', container);
  }
}
const state = (container: string): string =>
  docker('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', container).trim();

describe('the image', () => {
  it('is found again, under its own name and as the current one', async () => {
    const again = await ensureWorkbenchImage({ dockerHost: engine.dockerHost, report });
    expect(again).toEqual(image);
    expect(docker('inspect', '-f', '{{.Id}}', 'nalabo/workbench:dev').trim()).toBe(image.id);
  });

  it('has the three users, the folders of the learner and no privileged file', () => {
    expect(run('1000', 'id -un 1000; id -un 1001; id -un 2000').split('\n').slice(0, 3)).toEqual([
      'learner',
      'keeper',
      'checker',
    ]);
    const folders = ['/home/lab', '/workspace', ...[0, 1, 2, 3, 4].map((number) => `/workspace/.folders/${number}`)];
    expect(run('1000', `stat -c '%u:%g %a' ${folders.join(' ')} | sort -u`).trim()).toBe('1000:1000 755');
    expect(
      docker('run', '--rm', '--user=0', image.reference, 'find', '/', '-xdev', '-type', 'f', '-perm', '/6000'),
    ).toBe('');
  });

  it('has the tools a workshop needs, the workspace as its place and a UTF-8 locale', () => {
    const tools = 'bash git curl python3 nginx nano less ps ip jq setsid timeout base64';
    expect(run('1000', `command -v ${tools} | wc -l; pwd; echo $LANG $HOME`)).toBe(
      '13\n/workspace\nC.UTF-8 /home/lab\n',
    );
  });

  it('runs nginx as the learner on a read-only root', () => {
    expect(run('1000', 'nginx && curl -s -o /dev/null -w "%{http_code}" localhost:8080')).toBe('404');
  });
});

/** Forks until the process limit is reached; the children stay for a while without holding the exec's streams. */
const FORK_BOMB = `
import os, time
try:
    while os.fork() > 0: pass
    os.closerange(0, 3)
    time.sleep(60)
except OSError: print('full')`;

describe('the keeper', () => {
  it('says whose it is, outlives the kill of a learner, and ends at once when asked', () => {
    const endsBy = inSeconds(600);
    withKeeper(endsBy, (container) => {
      docker('exec', '-u', '1000', container, 'bash', '-c', 'sleep 60 & kill -9 -1');
      expect(state(container)).toBe('running 0');
      expect(docker('logs', container)).toBe(`nalabo session=session-1 workshop=workshop-1 ends-by=${endsBy}\n`);
      docker('stop', '-t', '10', container);
      expect(state(container)).toBe('exited 143');
    });
  });

  it('ends by itself at its time, even while a learner leaves no process to anybody', () => {
    withKeeper(inSeconds(20), (container) => {
      expect(docker('exec', '-u', '1000', container, 'python3', '-c', FORK_BOMB)).toBe('full\n');
      expect(docker('wait', container).trim()).toBe('0');
    });
  });
});
