import { readdir, readFile, writeFile } from 'node:fs/promises';
import { runProgram } from '../machine/run-program.js';
import { firewallUndo, linksToRemove, mountsToRemove } from './engine-traces.js';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const FIREWALLS = ['iptables', 'ip6tables'] as const;

/** What of the machine an engine changes and leaves changed when it stops. */
export interface MachineState {
  firewalls: Map<string, string>;
  forwarding: string;
  links: string[];
  mountInfo: string;
}

export async function readMachineState(): Promise<MachineState> {
  const firewalls = new Map<string, string>();
  for (const program of FIREWALLS) {
    const saved = await runProgram(`${program}-save`, []).catch(() => undefined);
    if (saved?.exitCode === 0) firewalls.set(program, saved.stdout);
  }
  return {
    firewalls,
    forwarding: await readFile(FORWARDING, 'utf8').catch(() => ''),
    links: await readdir('/sys/class/net').catch(() => []),
    mountInfo: await readFile('/proc/self/mountinfo', 'utf8'),
  };
}

/** Takes back what an engine with these root directories did to the machine since `before`, and nothing else. */
export async function restoreMachineState(before: MachineState, engineRoots: string[]): Promise<void> {
  const after = await readMachineState();
  for (const [program, rules] of after.firewalls) {
    for (const args of firewallUndo(before.firewalls.get(program) ?? '', rules)) await runProgram(program, args);
  }
  for (const link of linksToRemove(before.links, after.links)) await runProgram('ip', ['link', 'delete', link]);
  for (const path of mountsToRemove(before.mountInfo, after.mountInfo, engineRoots)) await runProgram('umount', [path]);
  if (before.forwarding !== after.forwarding && before.forwarding !== '')
    await writeFile(FORWARDING, before.forwarding);
}
