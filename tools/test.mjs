/* Runs every test that can run on this machine, against real servers, and ends with one line that counts them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureWorkbenchImage, SetupError, startEngine } from '@nalabo/setup';

const root = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'nalabo-tests-'));
const report = (line) => console.log(line);
const counted = { passed: 0, failed: 0, skipped: [] };
let running;
let isBrokenOff = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    isBrokenOff = true;
    running?.kill(signal);
  });
}

await runProject('unit');
const engine = await obtainEngine();
try {
  await runProject('integration');
  await runProject('journey');
} finally {
  await engine?.stop();
  rmSync(reports, { recursive: true, force: true });
}

for (const name of counted.skipped) console.log(`skipped: ${name}`);
console.log(`${counted.passed} passed, ${counted.failed} failed, ${counted.skipped.length} skipped`);
process.exitCode = isBrokenOff ? 130 : counted.failed > 0 ? 1 : 0;

/** An engine with the image in it, for all tests; without one, those that need it skip themselves and say so. */
async function obtainEngine() {
  if (isBrokenOff) return undefined;
  let found;
  try {
    found = await startEngine({ report });
    process.env.DOCKER_HOST = found.dockerHost;
    await ensureWorkbenchImage({ dockerHost: found.dockerHost, report });
    return found;
  } catch (error) {
    await found?.stop();
    if (!(error instanceof SetupError)) throw error;
    report(`No test on an engine: ${error.message}`);
    return undefined;
  }
}

async function runProject(project) {
  if (isBrokenOff) return;
  console.log(`\n== ${project} tests`);
  const file = join(reports, `${project}.json`);
  const filters = process.argv.slice(2).filter((argument) => argument !== '--yes' && argument !== '--no-install');
  const options = ['--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  running = spawn(process.execPath, [vitest, 'run', '--project', project, ...options, ...filters], {
    cwd: root,
    stdio: 'inherit',
  });
  const status = await new Promise((resolve) => running.once('close', (code) => resolve(code ?? 1)));
  const failedBefore = counted.failed;
  countReport(file);
  // A file that does not load and an error outside of any test fail no test; they must not look like success.
  if (status !== 0 && counted.failed === failedBefore) counted.failed++;
}

function countReport(file) {
  for (const { name, assertionResults } of readReport(file)) {
    for (const { status, fullName } of assertionResults) {
      if (status === 'passed') counted.passed++;
      else if (status === 'failed') counted.failed++;
      else counted.skipped.push(`${fullName} (${relative(root, name)})`);
    }
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    // Vitest ended before it could write; its exit status counts.
    return [];
  }
}
