/*
 * Runs every test that can run on this machine, against real servers, and ends with one line that counts them.
 *
 *   npm test -- [--project=NAME | '--project=!NAME']... [what vitest run takes, as a part of a file's name]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  ensureChromium,
  ensureServiceImages,
  ensureWorkbenchImage,
  prepareKubernetes,
  SetupError,
  startEngine,
} from '@nalabo/setup';

const root = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'nalabo-tests-'));
const report = (line) => console.log(line);
const args = process.argv.slice(2);
const asked = args.filter((argument) => argument.startsWith('--project=')).map((argument) => argument.slice(10));
// The first two speak to whoever installs what a test needs.
const passedOn = args.filter((argument) => !/^--(yes$|no-install$|project=)/.test(argument));
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
  await obtainBrowser(engine);
  await runProject('journey');
  await prepareCluster(engine);
  await runProject('kubernetes');
} finally {
  await engine?.stop();
  rmSync(reports, { recursive: true, force: true });
}

for (const name of counted.skipped) console.log(`skipped: ${name}`);
console.log(`${counted.passed} passed, ${counted.failed} failed, ${counted.skipped.length} skipped`);
process.exitCode = isBrokenOff ? 130 : counted.failed > 0 ? 1 : 0;

/** An engine with the images in it, for all tests; without one, those that need it skip themselves and say so. */
async function obtainEngine() {
  const wanted = process.env.KUBECONFIG ? ['integration', 'journey', 'kubernetes'] : ['integration', 'journey'];
  if (isBrokenOff || !wanted.some(isAskedFor)) return undefined;
  let found;
  try {
    found = await startEngine({ report });
    process.env.DOCKER_HOST = found.dockerHost;
    const onEngine = { dockerHost: found.dockerHost, report };
    await ensureWorkbenchImage(onEngine);
    await ensureServiceImages(['nginx:alpine', 'node:18-alpine'], onEngine);
    return found;
  } catch (error) {
    await found?.stop();
    if (!(error instanceof SetupError)) throw error;
    report(`No test on an engine: ${error.message}`);
    return undefined;
  }
}

/** A browser for the journeys; without one, those that need it skip themselves and say so. */
async function obtainBrowser(engine) {
  if (isBrokenOff || !engine || !isAskedFor('journey')) return;
  try {
    await ensureChromium({ report });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(`No test in a browser: ${error.message}`);
  }
}

/** Makes the cluster of KUBECONFIG ready. Whoever names one wants it tested, so not being able to is a failure. */
async function prepareCluster(engine) {
  if (isBrokenOff || !isAskedFor('kubernetes') || !process.env.KUBECONFIG) return;
  try {
    if (!engine) throw new SetupError('images are built by an engine');
    Object.assign(process.env, await prepareKubernetes({ dockerHost: engine.dockerHost, report }));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(`No test on Kubernetes: ${error.message}`);
    counted.failed++;
    delete process.env.KUBECONFIG;
  }
}

/** As vitest takes it (see its configuration): the projects named, or all but those named with an exclamation mark. */
function isAskedFor(project) {
  if (asked.includes(`!${project}`)) return false;
  return asked.every((name) => name.startsWith('!')) || asked.includes(project);
}

async function runProject(project) {
  if (isBrokenOff || !isAskedFor(project)) return;
  console.log(`\n== ${project} tests`);
  const file = join(reports, `${project}.json`);
  const options = ['--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  running = spawn(process.execPath, [vitest, 'run', '--project', project, ...options, ...passedOn], {
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
