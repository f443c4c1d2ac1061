import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Engine, startEngine } from '../engine/start-engine.js';
import { pollUntil } from '../machine/poll-until.js';
import { ensurePackagedImage } from '../workbench/ensure-packaged-image.js';
import { standInLabel, type StandInName, standIns } from './stand-ins.js';

interface Needs {
  readonly capabilities: readonly string[];
  readonly writable: readonly string[];
}
interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
}
const operatorData = join(import.meta.dirname, '../../../../deploy/images.yaml');
const needs = parse(readFileSync(operatorData, 'utf8')) as Readonly<Record<StandInName, Needs>>;

const learner = 1000;
const answerDeadlineMs = 40_000;
const run = promisify(execFile);

let engine: Engine;
const references = new Map<StandInName, string>();
/** Of a learner, as the folders of a workspace are. */
let folder: string;
const containers: string[] = [];

beforeAll(async () => {
  const report = (): void => undefined;
  engine = await startEngine({ report });
  for (const name of ['nginx:alpine', 'node:18-alpine'] as const) {
    // Never under the name itself: this machine may have the real image.
    const { reference } = await ensurePackagedImage(standIns[name], { dockerHost: engine.dockerHost, report });
    references.set(name, reference);
  }
}, 400_000);
afterAll(() => engine.stop());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nalabo-stand-ins-'));
  await chmod(folder, 0o755);
  await chown(folder, learner, learner);
});
afterEach(async () => {
  if (containers.length > 0) await docker('rm', '--force', ...containers.splice(0));
  await rm(folder, { recursive: true });
});

const onEngine = (): NodeJS.ProcessEnv => ({ ...process.env, DOCKER_HOST: engine.dockerHost });

async function docker(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', args, { env: onEngine() });
  return stdout.trim();
}

async function place(path: string, content: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  await chown(dirname(file), learner, learner);
  await chown(file, learner, learner);
}

interface Service {
  readonly image: StandInName;
  readonly options?: readonly string[];
  readonly command?: readonly string[];
  readonly needs?: Needs;
}

/** Starts a service as the hardening profile does, with what the operator data give to its image. */
async function start({ image, options = [], command = [], needs: given = needs[image] }: Service): Promise<string> {
  const hardened = [
    ...['--init', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--network=none'],
    ...['--memory=256m', '--memory-swap=256m', '--pids-limit=64'],
    // Where the engine leaves ports below 1024 to whoever has the capability.
    '--sysctl=net.ipv4.ip_unprivileged_port_start=1024',
    ...given.capabilities.map((capability) => `--cap-add=${capability}`),
    ...['/tmp', ...given.writable].map((path) => `--tmpfs=${path}:rw,nosuid,nodev,noexec,size=64m,mode=1777`),
  ];
  const container = await docker('run', '--detach', ...hardened, ...options, references.get(image) ?? '', ...command);
  containers.push(container);
  return container;
}

async function complaintsOf(container: string): Promise<string> {
  const { stderr } = await run('docker', ['logs', container], { env: onEngine() });
  return stderr;
}

/** What the service answers, asked from inside; undefined when it does not, or has ended. */
async function answerOf(container: string, url: string): Promise<string | undefined> {
  try {
    const patience = ['--tries=1', '--timeout=2'];
    return await docker('exec', container, 'wget', '--quiet', ...patience, '--output-document=-', url);
  } catch {
    return undefined;
  }
}

async function answers(container: string, url: string, wanted: string): Promise<boolean> {
  const isRunning = async (): Promise<boolean> =>
    (await docker('inspect', '--format={{.State.Running}}', container)) === 'true';
  let answer: string | undefined;
  await pollUntil(async () => {
    answer = await answerOf(container, url);
    return answer !== undefined || !(await isRunning());
  }, answerDeadlineMs);
  return answer?.includes(wanted) ?? false;
}

const mount = (path: string, target: string, mode = 'ro'): string => `--volume=${join(folder, path)}:${target}:${mode}`;
const configOf = async (image: StandInName): Promise<ImageConfig> =>
  JSON.parse(await docker('inspect', '--format={{json .Config}}', references.get(image) ?? '')) as ImageConfig;
const without = ({ capabilities, writable }: Needs, left: string): Needs => ({
  capabilities: capabilities.filter((name) => name !== left),
  writable: writable.filter((path) => path !== left),
});
const each = ({ capabilities, writable }: Needs): string[] => [...capabilities, ...writable];

/** Of a workshop: nginx as a proxy in front of itself, so that it keeps what is sent and what is answered. */
const proxy = `user nginx;
pid /run/nginx.pid;
error_log /dev/stderr;
events {}
http {
  include /etc/nginx/mime.types;
  client_body_in_file_only clean;
  server { listen 80; root /usr/share/nginx/html; location /again/ { proxy_pass http://127.0.0.1/; } }
}`;

describe('what stands in for nginx:alpine', () => {
  it('is run like it, and says what it is', async () => {
    expect(await configOf('nginx:alpine')).toMatchObject({
      Entrypoint: ['/docker-entrypoint.sh'],
      Cmd: ['nginx', '-g', 'daemon off;'],
      ExposedPorts: { '80/tcp': {} },
      StopSignal: 'SIGQUIT',
      Labels: { [standInLabel]: 'nginx:alpine' },
    });
  });

  it('serves its own page on port 80 by workers of nginx, logs to the standard streams, and ends when asked', async () => {
    const web = await start({ image: 'nginx:alpine' });
    expect(await answers(web, 'http://127.0.0.1/', 'Welcome to nginx!')).toBe(true);
    const owners = await docker('exec', web, 'stat', '--format=%u:%g', '/var/cache/nginx/body');
    expect(owners).toBe('101:0');
    expect(await docker('top', web, '-eo', 'pid,uid,args')).toMatch(/ 101 +nginx: worker process$/m);
    const hasLogged = async (): Promise<boolean> => (await docker('logs', web)).includes('"GET / HTTP/1.1" 200');
    expect(await pollUntil(hasLogged, answerDeadlineMs)).toBe(true);
    await docker('stop', '--time=10', web);
    expect(await docker('inspect', '--format={{.State.ExitCode}}', web)).toBe('0');
  });

  it('serves a folder of the learner, and takes a configuration from another', async () => {
    await place('html/index.html', 'from the workspace');
    await place('nginx/nginx.conf', proxy);
    const web = await start({
      image: 'nginx:alpine',
      options: [mount('html', '/usr/share/nginx/html'), mount('nginx', '/srv/nginx')],
      command: ['nginx', '-c', '/srv/nginx/nginx.conf', '-g', 'daemon off;'],
    });
    expect(await answers(web, 'http://127.0.0.1/again/', 'from the workspace')).toBe(true);
    await place('html/index.html', 'changed');
    expect(await answerOf(web, 'http://127.0.0.1/')).toBe('changed');
  });

  it.each(each(needs['nginx:alpine']))('serves nothing without %s', async (left) => {
    const web = await start({ image: 'nginx:alpine', needs: without(needs['nginx:alpine'], left) });
    const hasComplained = async (): Promise<boolean> => (await complaintsOf(web)).includes('[emerg]');
    expect(await pollUntil(hasComplained, answerDeadlineMs)).toBe(true);
    expect(await answerOf(web, 'http://127.0.0.1/')).toBeUndefined();
  });
});

const server = (body: string): string => `
const { writeFileSync } = require('node:fs');
const server = require('node:http').createServer((_, response) => { ${body} });
process.on('SIGTERM', () => process.exit(0));
server.listen(3000);`;
const application: Service = {
  image: 'node:18-alpine',
  options: ['--workdir=/app'],
  command: ['npm', 'start'],
};

describe('what stands in for node:18-alpine', () => {
  const onFolder = (mode: string): string[] => [...(application.options ?? []), mount('app', '/app', mode)];
  beforeEach(async () => {
    await place('app/package.json', '{ "name": "app", "scripts": { "start": "node server.js" } }');
    await place('app/server.js', server('response.end(`answered by ${process.getuid()}`);'));
  });

  it('is run like it, and says what it is', async () => {
    expect(await configOf('node:18-alpine')).toMatchObject({
      Entrypoint: ['docker-entrypoint.sh'],
      Cmd: ['node'],
      Labels: { [standInLabel]: 'node:18-alpine' },
    });
  });

  it('has node 18 and npm where they belong, and the user node', async () => {
    const script = 'for name in node npm npx; do command -v $name; done; node --version; id node; npm --version; id -u';
    const lines = (await docker('run', '--rm', references.get('node:18-alpine') ?? '', 'sh', '-c', script)).split('\n');
    expect(lines.slice(0, 3)).toEqual(['node', 'npm', 'npx'].map((name) => `/usr/local/bin/${name}`));
    expect(lines[3]).toMatch(/^v18\./);
    expect(lines[4]).toBe('uid=1000(node) gid=1000(node) groups=1000(node)');
    expect(lines[5]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(lines[6]).toBe('0');
  });

  it('gives to node what is no command', async () => {
    expect(await docker('run', '--rm', references.get('node:18-alpine') ?? '', '--print', '6 * 7')).toBe('42');
  });

  it.each([
    ['root', [], 'answered by 0'],
    ['the learner', ['--user=1000:1000'], 'answered by 1000'],
  ])('starts an application of the workspace by npm as %s, and ends when asked', async (_, user, wanted) => {
    const app = await start({ ...application, options: [...onFolder('ro'), ...user] });
    expect(await answers(app, 'http://127.0.0.1:3000/', wanted)).toBe(true);
    expect(await docker('logs', app)).not.toContain('npm ERR!');
    await docker('stop', '--time=20', app);
    // Not by force, which would be 137.
    expect(await docker('inspect', '--format={{.State.ExitCode}}', app)).not.toBe('137');
  });

  const keeping = server(`
    writeFileSync('/app/kept.txt', 'kept');
    response.end('kept');`);

  it('lets an application write into its folder', async () => {
    await place('app/server.js', keeping);
    const app = await start({ ...application, options: onFolder('rw') });
    expect(await answers(app, 'http://127.0.0.1:3000/', 'kept')).toBe(true);
    expect(await readdir(join(folder, 'app'))).toContain('kept.txt');
  });

  it.each(each(needs['node:18-alpine']))('does less without %s', async (left) => {
    await place('app/server.js', keeping);
    const lacking = without(needs['node:18-alpine'], left);
    const app = await start({ ...application, options: onFolder('rw'), needs: lacking });
    const isKept = await answers(app, 'http://127.0.0.1:3000/', 'kept');
    const complaints = await docker('exec', app, 'npm', 'cache', 'verify').catch(() => 'npm cannot keep anything');
    expect(isKept && !complaints.includes('npm cannot')).toBe(false);
  });
});
