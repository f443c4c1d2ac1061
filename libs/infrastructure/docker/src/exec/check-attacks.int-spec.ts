import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { Grader, type Trust } from '../testing/grader.js';
import type { CommandResult } from '../testing/run-command.js';

/** Where it is there and not 0, nobody reaches into a process that he has not started. */
const yama = '/proc/sys/kernel/yama/ptrace_scope';
const reachesOwnProcesses = !existsSync(yama) || readFileSync(yama, 'utf8').trim() === '0';

const passed = { end: { kind: 'exited', exitCode: 0 } };

interface PlantedAttack {
  readonly environment?: Readonly<Record<string, string>>;
  /** What the learner does before the check. */
  readonly plant: string;
  /** The text of a check that fails, whatever a learner has done in his files. */
  readonly check: string;
}

const hostilePath = { PATH: '/workspace/bin:/usr/local/bin:/usr/bin:/bin' };
const fakeProgram = (name: string): string =>
  `mkdir -p /workspace/bin && printf '#!/bin/bash\\nexit 0\\n' >/workspace/bin/${name} && chmod +x /workspace/bin/${name}`;

const plantedRepository = `
git init -q -b main /workspace/planted && cd /workspace/planted
printf '#!/bin/sh\\ntouch /tmp/ran-as-$(id -u)\\nexit 1\\n' >hook && chmod +x hook
git config core.fsmonitor /workspace/planted/hook`;

const planted: Readonly<Record<string, PlantedAttack>> = {
  'an ls of his own in the PATH of the session': {
    environment: hostilePath,
    plant: fakeProgram('ls'),
    check: 'ls /no/such/place',
  },
  'a cat of his own in the PATH of the session': {
    environment: hostilePath,
    plant: fakeProgram('cat'),
    check: 'cat /no/such/file',
  },
  'an sh of his own in the PATH of the session': {
    environment: hostilePath,
    plant: fakeProgram('sh'),
    check: "sh -c 'exit 3'",
  },
  'a module for Python in the environment of the session': {
    environment: { PYTHONPATH: '/workspace/lib' },
    plant: `mkdir -p /workspace/lib && echo 'import os; os._exit(0)' >/workspace/lib/sitecustomize.py`,
    check: "python3 -c 'raise SystemExit(3)'",
  },
  'a repository in the environment of the session': {
    environment: { GIT_DIR: '/workspace/planted/.git' },
    plant: `unset GIT_DIR && git init -q -b release /workspace/planted && cd /workspace/planted &&
      git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m planted`,
    check: 'cd / && git rev-parse --verify release',
  },
};

await describeOnEngine('a learner who attacks checks', (current) => {
  const withGrader = async <T>(work: (grader: Grader) => Promise<T>, environment = {}): Promise<T> => {
    const grader = await Grader.open(current().test, environment);
    try {
      return await work(grader);
    } finally {
      await grader.close();
    }
  };

  it.each(Object.entries(planted))('passes an untrusted one, and no trusted one, with %s', (_name, attack) =>
    withGrader(async (grader) => {
      expect(await grader.learn(attack.plant)).toMatchObject(passed);
      expect(await grader.check('untrusted', attack.check)).toMatchObject(passed);
      expect(await grader.check('trusted', attack.check)).not.toMatchObject(passed);
    }, attack.environment),
  );

  const under = (program: string, trust: Trust, check: string, limitMs?: number): Promise<CommandResult> =>
    withGrader((grader) => grader.checkUnder(program, trust, check, limitMs));

  /** He has to be faster than the check, which is a matter of luck on a busy machine. */
  const passesUnder = async (program: string, check: string, limitMs?: number): Promise<void> => {
    const ends = [await under(program, 'untrusted', check, limitMs)];
    while (ends.length < 8 && !isPassed(ends.at(-1))) ends.push(await under(program, 'untrusted', check, limitMs));
    expect(ends.at(-1)).toMatchObject(passed);
  };

  it('passes an untrusted one, and no trusted one, by killing a program that tells of a fault', async () => {
    const check = 'sleep 1 && exit 3\nexit 0';
    await passesUnder('kill-sleep.py', check);
    expect(await under('kill-sleep.py', 'trusted', check)).toMatchObject(failed(3));
  });

  it.runIf(reachesOwnProcesses).each([
    ['rewriting its script in memory', 'patch-memory.py', 'sleep 1\nexit 3', 3],
    [
      'reading the answer in its memory',
      'steal-answer.py',
      'sleep 1\n[ "answer-$(cat /workspace/answer)" = answer-314159265358 ]',
      1,
    ],
    ['forging the end that a lane reports', 'forge-marker.py', 'sleep 1\nexit 3', 3],
  ])('passes an untrusted one, and no trusted one, by %s', async (_name, program, check, exitCode) => {
    await passesUnder(program, check);
    expect(await under(program, 'trusted', check)).toMatchObject(failed(exitCode));
  });

  it.runIf(reachesOwnProcesses)(
    'does everything to the processes of an untrusted one, and nothing to those of a trusted one',
    () =>
      withGrader(async (grader) => {
        const check = 'sleep 10\nexit 3';
        const checks = [grader.check('trusted', check), grader.check('untrusted', check)] as const;
        const { stdout, stderr } = await grader.attack('reach.py');
        const reached = JSON.parse(stdout || `{"failed": ${JSON.stringify(stderr)}}`) as Record<string, string[]>;
        expect(reached).toMatchObject({ checker: [], learner: reached['all'] });
        const [trusted, untrusted] = await Promise.all(checks);
        expect(trusted).toMatchObject(failed(3));
        expect(untrusted).not.toMatchObject(failed(3));
      }),
  );

  it('passes an untrusted one, and no trusted one, by taking its script before the lane has read it', async () => {
    // A lane that he stops after it has read its script does nothing any more.
    await passesUnder('steal-script.py', 'exit 3', 3_000);
    expect(await under('steal-script.py', 'trusted', 'exit 3')).toMatchObject(failed(3));
  });

  it('has programs run as whoever lets git work in his repository, which no shipped check does', () =>
    withGrader(async (grader) => {
      const ranAs = async (): Promise<string> => (await grader.learn('cd /tmp && echo ran-as-*')).stdout;
      expect(await grader.learn(plantedRepository)).toMatchObject(passed);
      // Git refuses what belongs to somebody else, but only as long as it looks for the repository itself.
      expect(await grader.check('trusted', 'git -C /workspace/planted status')).toMatchObject(failed(128));
      expect(await ranAs()).toBe('ran-as-*\n');
      await grader.check('untrusted', 'git -C /workspace/planted status');
      expect(await ranAs()).toBe('ran-as-1000\n');
      await grader.check('trusted', 'git --git-dir=/workspace/planted/.git --work-tree=/workspace/planted status');
      expect(await ranAs()).toBe('ran-as-1000 ran-as-2000\n');
    }));

  it('finds the text of neither in a list of processes', () =>
    withGrader(async (grader) => {
      const check = 'sleep 2\n: a-secret-of-the-check\nexit 3';
      const look = `sleep 0.7; cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c 'a-secret-of-the-chec[k]'`;
      for (const trust of ['trusted', 'untrusted'] satisfies Trust[]) {
        const [result, { stdout }] = await Promise.all([grader.check(trust, check), grader.learn(look)]);
        expect(result).toMatchObject(failed(3));
        expect(stdout).toBe('0\n');
      }
    }));
});

function isPassed(result: CommandResult | undefined): boolean {
  return result?.end.kind === 'exited' && result.end.exitCode === 0;
}

function failed(exitCode: number): object {
  return { end: { kind: 'exited', exitCode } };
}
