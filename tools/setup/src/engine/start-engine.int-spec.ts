import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EnginePaths } from './dockerd-process.js';
import { readMachineState } from './machine-state.js';
import { startEngine } from './start-engine.js';

/** An engine is started and stopped, by tests that are started for it. */
const timeout = 180_000;
const report = (): void => undefined;
const isRoot = process.getuid?.() === 0;
const hasOwnNamespaces = process.env['NALABO_SPEC_NAMESPACES'] === 'own';

/**
 * Two engines in one network namespace fight over the firewall, and the machine's own engine is in use. So this file runs
 * itself again in namespaces of its own, where an engine can be started and stopped for real.
 */
describe.runIf(isRoot)(hasOwnNamespaces ? 'in namespaces of our own' : 'on this machine', { timeout }, () => {
  if (hasOwnNamespaces) it('leaves firewall, links, mounts and forwarding as they were', startAndStop);
  else it('starts and stops an engine in namespaces of its own', runAgainApart);
});

function runAgainApart(): void {
  const root = join(import.meta.dirname, '../../../..');
  const vitest = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'integration',
    import.meta.filename,
  ];
  const inner = spawnSync('unshare', ['--net', '--mount', process.execPath, ...vitest], {
    cwd: root,
    env: { ...process.env, NALABO_SPEC_NAMESPACES: 'own' },
    encoding: 'utf8',
  });
  expect(inner.status, inner.stdout + inner.stderr).toBe(0);
  expect(inner.stdout).toMatch(/1 passed/);
}

async function startAndStop(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const paths = enginePaths(folder);
  // An engine closes the forward chain only where it has to switch forwarding on itself.
  await writeFile('/proc/sys/net/ipv4/ip_forward', '0\n');
  const before = await readMachineState();
  const engine = await startEngine({ report, paths });
  onTestFinished(() => engine.stop());
  const during = await readMachineState();
  const second = await startEngine({ report, paths });
  await second.stop();
  const third = await startEngine({ report, paths });
  await engine.stop();
  await engine.stop();
  const after = await readMachineState();

  expect(engine.startedByUs).toBe(true);
  expect(during.links).toContain('docker0');
  expect(during.firewalls.get('iptables')).toContain(':FORWARD DROP');
  expect([second.startedByUs, third.startedByUs]).toEqual([false, false]);
  expect(policyLines(after.firewalls.get('iptables'))).not.toMatch(/DOCKER|docker0|DROP/);
  expect({ ...after, firewalls: undefined }).toEqual({ ...before, firewalls: undefined });
  await rm(folder, { recursive: true });
}

function enginePaths(folder: string): EnginePaths {
  return {
    socket: join(folder, 'docker.sock'),
    dataRoot: join(folder, 'data'),
    execRoot: join(folder, 'exec'),
    pidFile: join(folder, 'docker.pid'),
    log: join(folder, 'dockerd.log'),
  };
}

function policyLines(saved = ''): string {
  return saved
    .split('\n')
    .filter((line) => /^[:-]/.test(line))
    .join('\n');
}
