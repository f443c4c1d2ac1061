import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { lastLine } from '../machine/run-program.js';

/** dockerd itself gives its containers 15 s. */
const STOP_DEADLINE_MS = 40_000;

export interface EnginePaths {
  socket: string;
  dataRoot: string;
  execRoot: string;
  pidFile: string;
  log: string;
}

export const DEFAULT_ENGINE_PATHS: EnginePaths = {
  socket: '/var/run/docker.sock',
  dataRoot: '/var/lib/docker',
  execRoot: '/var/run/docker',
  pidFile: '/var/run/docker.pid',
  log: '/var/log/dockerd.log',
};

export interface DockerdProcess {
  hasEnded(): boolean;
  /** The last line of its log. */
  lastWord(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Runs dockerd without a service manager. It logs to a file and has a session of its own, so it and its containers go on
 * when we are killed. Containers do end with its orderly stop: live-restore would leave them without anybody in charge.
 */
export async function launchDockerd(program: string, paths: EnginePaths): Promise<DockerdProcess> {
  const log = await open(paths.log, 'a', 0o640);
  const flags = ['-H', `unix://${paths.socket}`, '--data-root', paths.dataRoot, '--exec-root', paths.execRoot];
  const child = spawn(program, [...flags, '--pidfile', paths.pidFile], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    child.once('error', end);
    child.once('exit', end);
  });
  await log.close();
  return {
    hasEnded: () => over,
    lastWord: async () => lastLine(await readFile(paths.log, 'utf8')),
    stop: async () => {
      if (over) return;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(killer);
    },
  };
}
