import { isUtf8 } from 'node:buffer';
import { AppError, newExecutionId } from '@nalabo/kernel';
import type { CommandRun, Shell } from '../exec.js';
import { quoted } from '../lane/lane-text.js';
import type { FolderLook } from './claim-folders.js';
import {
  claimFolder,
  inTheWay,
  lookAtFolders,
  readFile,
  releaseFolder,
  removeFile,
  tooLarge,
  writeFile,
} from './workspace-scripts.js';

/** More than any file that was applied has; what a learner has made larger is not taken from him. */
const largestFileBytes = 1024 * 1024;
const largestAnswerBytes = 2 * largestFileBytes;
/** Of all files that are read for one apply, as they are kept in memory and with the apply. */
const largestTotalBytes = 4 * largestFileBytes;
const placesOfFolders = '.folders';

interface Order {
  readonly script: string;
  readonly args: readonly string[];
  readonly stdin?: string;
  /** What it is about, for people. */
  readonly object: string;
}

/** The files of a session's workspace, as its learner finds and makes them. */
export class SessionWorkspace {
  constructor(
    private readonly shell: Shell,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns null when there is no such file. @throws AppError `unprocessable`, with the `path`, when it is none that can be replaced. */
  async read(path: string): Promise<string | null> {
    const answer = await this.run({ script: readFile, args: [path, String(largestFileBytes)], object: path });
    const end = answer.indexOf('\n');
    if (answer.toString('utf8', 0, end) !== 'file') return null;
    const content = answer.subarray(end + 1);
    if (!isUtf8(content)) throw refused(`What stands at ${path} is no text, and would be lost.`, path);
    return content.toString();
  }

  /** @throws AppError `unprocessable` as `read`, and when all of it is more than can be kept for the way back. */
  async readAll(paths: Iterable<string>): Promise<ReadonlyMap<string, string | null>> {
    const contents = new Map<string, string | null>();
    let size = 0;
    for (const path of paths) {
      const content = await this.read(path);
      size += Buffer.byteLength(content ?? '');
      if (size > largestTotalBytes)
        throw refused('What stands in the places of the files is larger than 4 MiB and would be lost.');
      contents.set(path, content);
    }
    return contents;
  }

  /** @param content null takes the file away. */
  async write(path: string, content: string | null): Promise<void> {
    if (content === null) await this.run({ script: removeFile, args: [path], object: path });
    // The shell has no word for a zero byte.
    else if (content.includes('\0')) await this.run({ script: writeFile, args: [path], stdin: content, object: path });
    else await this.run({ script: writeFile, args: [path, content], object: path });
  }

  async look(folders: readonly string[]): Promise<FolderLook> {
    const args = folders.flatMap((folder) => [folder, `${wayUpFrom(folder)}${placesOfFolders}`]);
    const answer = await this.run({ script: lookAtFolders, args, object: 'the workspace' });
    const lines = answer
      .toString()
      .split('\n')
      .map((line) => line.split(' '));
    const links = lines.flatMap(([what, index, ...folder]) =>
      what === 'link' ? [[folder.join(' '), Number(index)] as const] : [],
    );
    const filled = lines.flatMap(([what, index]) => (what === 'filled' ? [Number(index)] : []));
    const others = lines.flatMap(([what, , ...folder]) => (what === 'other' ? [folder.join(' ')] : []));
    return { links: Object.fromEntries(links), filled, others };
  }

  /** Makes a folder a link to a volume, which gets what was in it. */
  async claim(folder: string, index: number): Promise<void> {
    await this.run({ script: claimFolder, args: placeArguments(folder, index), object: folder });
  }

  /** Makes a folder of what was a link to a volume, with what is in it. */
  async release(folder: string, index: number): Promise<void> {
    await this.run({ script: releaseFolder, args: placeArguments(folder, index), object: folder });
  }

  private async run({ script, args, stdin, object }: Order): Promise<Buffer> {
    const output: Uint8Array[] = [];
    let size = 0;
    const keep = (chunk: Uint8Array): void => {
      size += chunk.length;
      if (size <= largestAnswerBytes) output.push(Uint8Array.from(chunk));
    };
    const command = {
      executionId: newExecutionId(),
      program: programOf(script, args, stdin),
      workingDirectory: '/workspace',
      environment: { LC_ALL: 'C.UTF-8' },
      stdin: stdin === undefined ? null : Buffer.from(stdin),
    };
    const { end } = await this.shell.run(command, { stdout: keep, stderr: () => undefined }, this.signal);
    if (end.kind === 'exited' && end.exitCode === 0) return Buffer.concat(output);
    throw failure(object, end.kind === 'exited' ? end.exitCode : end.kind);
  }
}

/** As a script it goes through a shell that is open already, and nothing of it is seen in a list of processes. */
function programOf(script: string, args: readonly string[], stdin: string | undefined): CommandRun['program'] {
  if (stdin !== undefined) return ['/bin/sh', '-c', script, 'sh', ...args];
  return { script: `set -- ${args.map(quoted).join(' ')}\n${script}` };
}

/** The link does not name the workspace: it leads there also where the workspace is mounted elsewhere. */
function placeArguments(folder: string, index: number): readonly string[] {
  const place = `${placesOfFolders}/${index}`;
  return [folder, place, `${wayUpFrom(folder)}${place}`];
}

function wayUpFrom(folder: string): string {
  return '../'.repeat(folder.split('/').length - 1);
}

/** @param path What is in the way, for programs. */
function refused(publicMessage: string, path?: string): AppError {
  return new AppError('unprocessable', publicMessage, { publicMessage, details: path === undefined ? {} : { path } });
}

function failure(object: string, end: number | string): AppError {
  if (end === inTheWay) return refused(`Something else stands at ${object} in the workspace.`, object);
  if (end === tooLarge) return refused(`What stands at ${object} is larger than 1 MiB and would be lost.`, object);
  if (typeof end === 'number') return refused(`${object} could not be written: is the workspace full or changed?`);
  return new AppError('unavailable', `arranging ${object} in the workspace ended as ${end}`, {
    publicMessage: 'The workbench of the session went away.',
  });
}
