/*
 * Claim: what the platform adds to a cold session and to one command, against the engine alone. Both sides take turns in
 * one run on one machine, so that their ratio means something where the milliseconds do not.
 *
 * The engine alone: create and start a container of the same image; exec and inspect in the same container. A session is
 * more than that: its own network, six volumes, two commits and a check that it is ready.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@nalabo/setup';
import { ApiClient, type RunningStack, startStack } from '@nalabo/start';
import Docker from 'dockerode';
import { noSamples, tell, timed, type Samples } from './samples.js';

/** The creates of one owner in a minute are limited to ten. */
const sessionRounds = 8;
const commandRounds = 60;
const warmUpRounds = 5;

async function rawSession(docker: Docker, image: string, name: string): Promise<void> {
  const container = await docker.createContainer({ name, Image: image, User: '1001:1001', Cmd: ['sleep', '600'] });
  await container.start();
}

async function rawCommand(container: Docker.Container): Promise<void> {
  const exec = await container.exec({ Cmd: ['true'], User: '1000:1000', AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  await new Promise((ended) => stream.resume().once('end', ended));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`exec ended with ${ExitCode}`);
}

async function endSession(api: ApiClient, id: string): Promise<void> {
  await api.endSession(id);
  while ((await api.session(id)).state !== 'TERMINATED') await pause(50);
}

/** What a run that failed half-way has left. */
async function endAllSessions(api: ApiClient): Promise<void> {
  for (const { id, state } of await api.sessions()) if (state !== 'TERMINATED') await endSession(api, id);
}

async function measureSessions(api: ApiClient, docker: Docker, image: string): Promise<Samples> {
  const samples = noSamples();
  for (let round = 0; round < sessionRounds; round++) {
    let id = '';
    const ours = async (): Promise<void> => {
      const session = await api.createSession({ workshopId: 'linux-basics' }, 60);
      if (session.state !== 'READY') throw new Error(`the session is ${session.state}`);
      id = session.id;
    };
    samples.ours.push(await timed(ours));
    await endSession(api, id);
    const name = `nalabo-bench-${randomBytes(4).toString('hex')}`;
    try {
      samples.raw.push(await timed(() => rawSession(docker, image, name)));
    } finally {
      await docker.getContainer(name).remove({ force: true });
    }
  }
  return samples;
}

async function measureCommands(api: ApiClient, docker: Docker): Promise<Samples> {
  const samples = noSamples();
  const { id } = await api.createSession({ workshopId: 'linux-basics' }, 60);
  const container = docker.getContainer(`nalabo-session-${id}`);
  for (let round = -warmUpRounds; round < commandRounds; round++) {
    const ours = await timed(() => api.execute(id, { command: ['true'] }));
    const raw = await timed(() => rawCommand(container));
    if (round < 0) continue;
    samples.ours.push(ours);
    samples.raw.push(raw);
  }
  await endSession(api, id);
  return samples;
}

const folder = await mkdtemp(join(tmpdir(), 'nalabo-bench-'));
let stack: RunningStack | undefined;
try {
  const instance = `bench-${randomBytes(4).toString('hex')}`;
  stack = await startStack({
    directory: folder,
    instance,
    port: await freePort(),
    ephemeral: true,
    report: console.log,
  });
  const docker = new Docker({ socketPath: stack.dockerHost.replace(/^unix:\/\//, '') });
  const api = new ApiClient(stack);
  tell('cold session ready', 'engine alone', await measureSessions(api, docker, stack.workbenchImage));
  tell('one command', 'engine alone', await measureCommands(api, docker));
} finally {
  if (stack) await endAllSessions(new ApiClient(stack));
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
}
