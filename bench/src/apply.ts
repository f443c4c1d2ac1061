/*
 * What the judging of a learner's file costs, beside the bare parsing of the same text by the same library; and what a whole
 * dry run costs a caller: HTTP, authentication, the lease, the rules, a look at the engine and into the workspace.
 *
 * The sides take turns in one run on one machine, so that their ratio means something where the milliseconds do not.
 */
import { readCompose, readManifests, startOrder } from '@nalabo/policy';
import { ApiClient, type RunningStack } from '@nalabo/start';
import { parse, parseAllDocuments } from 'yaml';
import { composeFile, composeFolders, manifestsFile } from './apply/hundred-lines.js';
import { tellRatio } from './exec/tell-ratio.js';
import { withStack } from './exec/with-stack.js';
import { noSamples, timed } from './samples.js';

const readRounds = 400;
const dryRunRounds = 60;
const warmUpRounds = 100;

const context = {
  images: ['nginx:alpine'],
  resources: { cpuMillis: 1000, memoryBytes: 2 ** 30, processes: 256 },
  files: new Set<string>(),
};

function planCompose(): void {
  const read = readCompose(composeFile, context);
  if ('violations' in read) throw new Error(JSON.stringify(read.violations));
  startOrder(read.model.services);
}

function planManifests(): void {
  const { violations } = readManifests(manifestsFile, { isolation: 'virtual' });
  if (violations.length > 0) throw new Error(JSON.stringify(violations));
}

function tellReading(name: string, text: string, sides: { ours: () => void; bare: () => void }): void {
  const samples = noSamples();
  for (let round = -warmUpRounds; round < readRounds; round++) {
    const arms = [
      () => record(samples.ours, round, timedNow(sides.ours)),
      () => record(samples.raw, round, timedNow(sides.bare)),
    ];
    for (const arm of Math.random() < 0.5 ? arms : arms.reverse()) arm();
  }
  const lines = text.trimEnd().split('\n').length;
  tellRatio({ name: `${name}, ${lines} lines, against a bare parse`, unit: 'ms', aim: null }, samples);
}

/** Against a command, which goes the same way and looks at nothing. */
async function tellDryRun(stack: RunningStack): Promise<void> {
  const api = new ApiClient(stack);
  const { id, state, lastError } = await api.createSession({ workshopId: 'write-compose' }, 60);
  if (state !== 'READY') throw new Error(`the session is ${state}: ${lastError}`);
  const files = Object.fromEntries(composeFolders.map((folder) => [`${folder}/index.html`, `<h1>${folder}</h1>`]));
  const request = { type: 'compose', configuration: composeFile, files } as const;
  const samples = noSamples();
  for (let round = -5; round < dryRunRounds; round++) {
    record(samples.ours, round, await timed(() => api.apply(id, { ...request, dryRun: true })));
    record(samples.raw, round, await timed(() => api.execute(id, { command: ['true'] })));
  }
  tellRatio({ name: 'a dry run over HTTP, against a command', unit: 'ms', aim: null }, samples);
}

/** Rounds before the first are for warming up. */
function record(values: number[], round: number, value: number): void {
  if (round >= 0) values.push(value);
}

function timedNow(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

tellReading('a Compose file', composeFile, { ours: planCompose, bare: () => void parse(composeFile) });
tellReading('manifests', manifestsFile, { ours: planManifests, bare: () => void parseAllDocuments(manifestsFile) });
await withStack({}, tellDryRun);
