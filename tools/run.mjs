/*
 * The entry of the npm scripts. It has to work on a fresh clone with the Node that happens to be there, so it uses nothing
 * but Node's own modules: it installs the dependencies when they are missing or out of date, builds what has changed, and
 * runs the task with the Node that the dependencies bring along.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const binaries = join(root, 'node_modules/.bin');
const node = join(binaries, 'node');

const tasks = {
  start: 'tools/start/dist/main.js',
  demo: 'tools/start/dist/demo/main.js',
  bench: 'bench/dist/session-and-exec.js',
  'bench:apply': 'bench/dist/apply.js',
  'bench:exec': 'bench/dist/exec.js',
  'bench:exec-soak': 'bench/dist/exec-soak.js',
  'bench:kubernetes': 'bench/dist/kubernetes-session.js',
  test: 'tools/test.mjs',
  check: 'tools/check.mjs',
};

// The task decides what Ctrl-C ends and in which order. It shares our terminal and gets that signal itself; the others
// reach only us and are passed on.
let running;
let brokenOffBy;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    brokenOffBy = signal;
    if (signal !== 'SIGINT') running?.kill(signal);
  });
}

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(tasks, name ?? '')) {
  console.error(`usage: node tools/run.mjs <${Object.keys(tasks).join('|')}> [arguments]`);
  process.exit(64);
}
if (!isInstalled()) {
  console.log('Installing dependencies (npm ci).');
  await mustRun('npm', ['ci']);
}
// Without the daemon, because nothing of ours may go on running.
await mustRun(node, [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build'], {
  NX_DAEMON: 'false',
  NX_TUI: 'false',
});
process.exitCode = await run(node, [join(root, tasks[name]), ...args], 'inherit').then(({ status }) => status);

/** Whether what npm last installed here, by its own record, is what the lock file asks for. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(wanted ?? {}).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = present?.[path];
    if (found === undefined) return entry.optional === true;
    return entry.link ? found.resolved === entry.resolved : found.integrity === entry.integrity;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Runs a step in silence; when it fails, shows what it said and ends. */
async function mustRun(command, commandArgs, environment = {}) {
  const { status, output } = await run(command, commandArgs, 'pipe', environment);
  if (brokenOffBy) {
    console.error(`Broken off by ${brokenOffBy}.`);
    process.exit(130);
  }
  if (status === 0) return;
  console.error(output.trimEnd());
  console.error(`${[command, ...commandArgs].join(' ')} failed (exit ${status}).`);
  process.exit(status);
}

function run(command, commandArgs, output, environment = {}) {
  return new Promise((resolve) => {
    running = spawn(command, commandArgs, {
      cwd: root,
      env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}`, ...environment },
      stdio: output === 'pipe' ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    let text = '';
    running.stdout?.on('data', (chunk) => (text += chunk));
    running.stderr?.on('data', (chunk) => (text += chunk));
    running.once('error', (error) => resolve({ status: 127, output: error.message }));
    running.once('close', (code, signal) => resolve({ status: code ?? 128 + constants.signals[signal], output: text }));
  });
}
