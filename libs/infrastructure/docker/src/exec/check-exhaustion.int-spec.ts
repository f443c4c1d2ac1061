import { eventually } from '@nalabo/testing';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { Grader, type Trust } from '../testing/grader.js';
import { run, script } from '../testing/run-command.js';

const kinds = ['trusted', 'untrusted'] satisfies Trust[];
const failed = (exitCode: number): object => ({ end: { kind: 'exited', exitCode } });
const passed = failed(0);

const forkBomb = `python3 -c '
import os, time
end = time.monotonic() + 6
while time.monotonic() < end:
    try:
        if os.fork() == 0:
            time.sleep(6)
            os._exit(0)
    except OSError:
        print("full")
        time.sleep(0.01)'`;

const memoryHog = `python3 -c '
import os, time
end, killed = time.monotonic() + 5, 0
while time.monotonic() < end:
    if os.fork() == 0:
        hoard = []
        while True:
            hoard.append(os.urandom(1 << 20))
    killed += os.wait()[1] == 9
print("killed" if killed else "spared")'`;

/** What a check may run and read while the learner leaves nothing for it. */
const check = `set -eu
own=$(/usr/bin/mktemp -d)
trap '/usr/bin/rm -rf "$own"' EXIT
/usr/bin/seq 1 1000 >"$own/numbers"
[ "$(/usr/bin/sort -n "$own/numbers" | /usr/bin/tail -n 1)" = 1001 ]`;

await describeOnEngine('a learner who leaves nothing to checks', (current) => {
  const withGrader = async (work: (grader: Grader) => Promise<void>): Promise<void> => {
    const grader = await Grader.open(current().test);
    try {
      await work(grader);
    } finally {
      await grader.close();
    }
  };

  it.each(kinds)('cannot pass one that is %s by using up the processes', (trust) =>
    withGrader(async (grader) => {
      const bomb = grader.learn(forkBomb);
      for (let round = 0; round < 3; round += 1) expect(await timely(grader, trust)).not.toMatchObject(passed);
      expect((await bomb).stdout).toContain('full');
      // What the bomb has left behind ends one after the other.
      await eventually(async () => expect(await timely(grader, trust)).toMatchObject(failed(1)), {
        timeoutMs: 30_000,
      });
    }),
  );

  it.each(kinds)('cannot pass one that is %s by using up the memory', (trust) =>
    withGrader(async (grader) => {
      const hog = grader.learn(memoryHog, AbortSignal.timeout(60_000));
      for (let round = 0; round < 3; round += 1) expect(await timely(grader, trust)).not.toMatchObject(passed);
      expect((await hog).stdout).toBe('killed\n');
    }),
  );

  it.each(kinds)('cannot pass one that is %s by filling /tmp', (trust) =>
    withGrader(async (grader) => {
      await grader.learn('head -c 100M /dev/zero >/tmp/filled');
      expect(await timely(grader, trust)).not.toMatchObject(passed);
      await grader.learn('rm /tmp/filled');
      expect(await timely(grader, trust)).toMatchObject(failed(1));
    }),
  );

  it('keeps an untrusted one from ending by itself when he kills all that is his, and no trusted one', () =>
    withGrader(async (grader) => {
      const text = 'sleep 10; exit 3';
      const checks = [grader.check('trusted', text), grader.check('untrusted', text)] as const;
      await grader.learn('until pgrep -x -u 1000 sleep && pgrep -x -u 2000 sleep; do :; done; kill -9 -1');
      const [trusted, untrusted] = await Promise.all(checks);
      expect(trusted).toMatchObject(failed(3));
      expect(untrusted).not.toMatchObject(passed);
      expect(untrusted).not.toMatchObject(failed(3));
      expect(await grader.check('trusted', text)).toMatchObject(failed(3));
    }));

  it('cannot delay a trusted one whose shell is open by leaving a child behind in an exec', async () => {
    const { test } = current();
    const session = await test.ready();
    const checker = await test.target.exec.open(session, 'checker');
    const learner = await test.target.exec.open(session, 'learner');
    try {
      await run(checker, ['true']);
      // Input of its own makes a command go by an exec of its own.
      const stalling = script(learner, 'sleep 30 & exit 0', { stdin: Buffer.from('') });
      const startedAt = performance.now();
      for (let round = 0; round < 20; round += 1) expect(await run(checker, ['false'])).toMatchObject(failed(1));
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      await stalling;
    } finally {
      await Promise.all([checker.close(), learner.close()]);
    }
  });

  it.each(kinds)('cannot pass one that is %s by functions and start-up files of a shell', (trust) =>
    withGrader(async (grader) => {
      const own = `'ls() { return 0; }; alias ls=true; exit() { return 0; }'`;
      await grader.learn(`for file in .profile .bashrc .bash_profile .shrc; do echo ${own} >/home/lab/$file; done
        cp /home/lab/.[a-z]* /workspace/`);
      expect(await grader.check(trust, 'ls /no/such/place')).toMatchObject(failed(2));
    }),
  );

  /** An answer within the time that a check has by default, and a bit. */
  async function timely(grader: Grader, trust: Trust): Promise<unknown> {
    const startedAt = performance.now();
    const result = await grader.check(trust, check, AbortSignal.timeout(10_000));
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    return result;
  }
});
