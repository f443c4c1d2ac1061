import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc: a hundredth of a second on every Linux that Node runs on. */
const millisecondsPerTick = 10;

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly commandLine: string;
  /** Of processor time: its own and that of its children that have ended and were waited for. */
  readonly cpuMs: number;
}

/** All processes of the machine at this moment. */
export function processes(): ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readEntry(name) ?? []) : []));
}

/** Resident, in bytes; 0 of a process that has ended. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024;
}

/** The engine's own processes and those that it keeps for each of the containers. */
export function isEngine({ name, commandLine }: ProcessEntry, containerIds: readonly string[]): boolean {
  if (!isShim(name)) return name === 'dockerd' || name === 'containerd';
  return containerIds.some((id) => commandLine.includes(id));
}

/** What the engine keeps for each container, under a name that the kernel cuts off. */
export const isShim = (name: string): boolean => name.startsWith('containerd-shim');

/** Undefined for a process that has ended meanwhile. */
function readEntry(pid: string): ProcessEntry | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const commandLine = read(`/proc/${pid}/cmdline`);
  if (stat === undefined || commandLine === undefined) return undefined;
  const nameEnd = stat.lastIndexOf(')');
  // After the name: state, parent, …; the times are the fields 14 to 17 of the manual page.
  const fields = stat.slice(nameEnd + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const name = stat.slice(stat.indexOf('(') + 1, nameEnd);
  return { pid: Number(pid), parent: Number(fields[1]), name, commandLine, cpuMs: ticks * millisecondsPerTick };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
