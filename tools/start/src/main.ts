import { writeDevEnv } from './dev-env.js';
import { aborted, endSignal } from './end-signal.js';
import { failureText } from './failure-text.js';
import { defaultPort, devEnvFile, keptDirectory, localInstance } from './installation.js';
import { liveSessions } from './live-sessions.js';
import { isFrameworkStep, lineFormatter } from './log-lines.js';
import { type RunningStack, startStack } from './stack.js';

const format = lineFormatter({ colour: process.stdout.hasColors?.() ?? false });
const report = (line: string): void => console.log(line);

const signal = endSignal();

async function run(): Promise<number> {
  const startedAt = performance.now();
  const stack = await startStack({
    directory: keptDirectory,
    instance: process.env['NALABO_INSTANCE'] || localInstance,
    port: Number(process.env['PORT'] || defaultPort),
    report,
    onLine: (service, line) => {
      if (!isFrameworkStep(line)) console.log(format(service, line));
    },
    signal,
  });
  await writeDevEnv(devEnvFile, stack);
  report(welcome(stack, performance.now() - startedAt));

  const failure = await Promise.race([stack.failed, aborted(signal)]);
  await farewell(stack);
  await stack.stop();
  report(failure ? `Nalabo has stopped: ${failure}` : 'Nalabo has stopped.');
  return failure ? 1 : 0;
}

function welcome({ url, apiKey }: RunningStack, milliseconds: number): string {
  return `
Nalabo is ready after ${(milliseconds / 1000).toFixed(1)} s.
  URL      ${url}   (documentation of the API: ${url}/api/docs)
  API key  ${apiKey}
Both are in .nalabo/dev.env. Ctrl-C ends everything that was started here.
Next, in another terminal: npm run demo
or: curl -H "Authorization: Bearer $NALABO_API_KEY" $NALABO_URL/api/workshops   (after: . .nalabo/dev.env)
`;
}

async function farewell(stack: RunningStack): Promise<void> {
  const sessions = await liveSessions(stack);
  report('Stopping.');
  if (sessions.length === 0) return;
  report(
    `${sessions.length} session(s) are left as they are: ${sessions.join(', ')}. ` +
      'Each ends at its time; the next npm start takes them over, and DELETE /api/workshops/sessions/<id> ends one.',
  );
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(signal.aborted ? 'Stopped before it was ready.' : `Cannot start: ${failureText(error)}`);
  process.exitCode = signal.aborted ? 130 : 1;
}
