/*
 * What has to hold before a change is handed on, without any server: format, lint, types, unit tests, sizes.
 *
 *   npm run check -- [--without=STEP]...
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const inModules = (path) => join(root, 'node_modules', path);

const steps = {
  format: [inModules('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  // The rule on module boundaries is silent until Nx has cached the graph of projects.
  graph: [inModules('nx/dist/bin/nx.js'), 'show', 'projects', '--json'],
  lint: [
    inModules('eslint/bin/eslint.js'),
    'apps',
    'libs',
    'tools',
    'e2e',
    'bench',
    '--max-warnings',
    '0',
    '--no-error-on-unmatched-pattern',
  ],
  types: [inModules('typescript7/bin/tsc'), '-p', 'tsconfig.json'],
  unit: [inModules('vitest/vitest.mjs'), 'run', '--project', 'unit'],
  size: [join(root, 'tools/checks/dist/size/print-size-report.js')],
};

const without = process.argv.slice(2).map((argument) => argument.replace(/^--without=/, ''));
const unknown = without.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`check: no step is called ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`);
  process.exit(64);
}

const failed = Object.entries(steps).filter(([name, args]) => {
  if (without.includes(name)) return false;
  console.log(`\n== ${name}`);
  // Without the daemon of Nx, because nothing of ours may go on running.
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status !== 0;
});
const names = failed.map(([name]) => name).join(', ');
const leftOut = without.map((name) => `, ${name} left out`).join('');
console.log(failed.length === 0 ? `\ncheck: everything holds${leftOut}` : `\ncheck: failed in ${names}`);
process.exitCode = failed.length === 0 ? 0 : 1;
