import { freePort } from '@nalabo/setup';
import { ApiClient } from '../api-client.js';
import { type Access, findAccess } from '../dev-env.js';
import { endSignal } from '../end-signal.js';
import { failureText } from '../failure-text.js';
import { devEnvFile, keptDirectory, localInstance } from '../installation.js';
import { startStack } from '../stack.js';
import { Narrator } from './narrator.js';
import { Walk } from './walk.js';

const report = (line: string): void => console.log(line);
const signal = endSignal();
await using started = new AsyncDisposableStack();

/** The stack that runs already, else one for the time of the demo. */
async function reachStack(): Promise<Access> {
  const access = await findAccess(devEnvFile, process.env);
  if (access && (await answers(access))) return access;
  report('No running Nalabo answers, so one is started for the demo and ended after it.');
  const instance = process.env['NALABO_INSTANCE'] || localInstance;
  const stack = await startStack({ directory: keptDirectory, instance, port: await freePort(), report, signal });
  started.defer(() => stack.stop());
  return stack;
}

/** With our key: somebody else's server on that port is not what we look for. */
async function answers(access: Access): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  return new ApiClient(access, patience).workshops().then(
    () => true,
    () => false,
  );
}

async function run(): Promise<number> {
  const access = await reachStack();
  report(`\nNalabo answers at ${access.url}. This is the life of one workshop session.`);
  const narrator = new Narrator(report);
  const walk = new Walk(new ApiClient(access, signal), narrator);
  try {
    await walk.run();
  } finally {
    await walk.leave(new ApiClient(access));
  }
  const { brokenPromises } = narrator;
  report(brokenPromises === 0 ? '\nAll of it went as promised.' : `\n${brokenPromises} promise(s) were not kept.`);
  return brokenPromises === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(signal.aborted ? 'Broken off.' : `The demo ended early: ${failureText(error)}`);
  process.exitCode = signal.aborted ? 130 : 1;
}
