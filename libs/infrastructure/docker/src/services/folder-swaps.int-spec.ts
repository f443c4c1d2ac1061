import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { AppError } from '@nalabo/kernel';
import { sessionObjectName } from '@nalabo/infrastructure-port';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { AttackBench } from './attack-bench.cases.js';

const races = 20;
const manyApplies = 300_000;

/** Where a learner may want a folder to lead: to the host, another session, a folder of his own, a way up, a circle. */
const places = [
  '/',
  '/etc',
  '/var/run',
  '/proc/1/root',
  '/home/lab',
  '../..',
  '../../../../../../etc',
  '.folders',
  '.folders/../..',
  '.folders/4/../../..',
  '/workspace/.folders/4',
  'html',
];

await describeOnEngine('a folder that a learner has made a link', (current) => {
  const aBench = async (): Promise<AttackBench> => {
    const bench = await AttackBench.start(current().socketPath);
    onTestFinished(() => bench.stop());
    return bench;
  };
  const reading = 'sh -c "cat /srv/etc/hostname /srv/hostname; ls -la /srv /srv/; echo END; sleep infinity"';
  const fileOf = (bench: AttackBench, command = 'sleep infinity'): string =>
    `services:\n  web:\n${bench.service(command, 'volumes: ["./html:/srv"]')}`;
  const outcome = (attempt: Promise<readonly { readonly action: string }[]>): Promise<string> =>
    attempt.then(
      (objects) => (objects.some(({ action }) => action === 'failed') ? 'undone' : 'done'),
      (error: unknown) => (error instanceof AppError ? error.kind : Promise.reject(error as Error)),
    );

  /** Files that bear the mark are in the workspace and nowhere else, and the service has nothing but volumes of its session. */
  async function expectInside(bench: AttackBench, mark: string): Promise<void> {
    const find = `find / -name '*${mark}*' -not -path '/proc/*' 2> /dev/null | grep -v '^/workspace/'; true`;
    expect(await bench.says(bench.attacker, find)).toBe('');
    expect(await bench.says(bench.bystander, find.replace("'^/workspace/'", 'x^'))).toBe('');
    for (const folder of ['/', '/etc', '/var/run', '/tmp', '/root', '/home']) {
      expect(existsSync(`${folder}/${mark}`), folder).toBe(false);
    }
    await bench.expectConfined(bench.attacker);
  }
  const aMark = (): string => `attack-${randomBytes(8).toString('hex')}`;

  describe('before it is mounted', () => {
    it('is not mounted, and no file is written through it', { timeout: manyApplies }, async () => {
      const bench = await aBench();
      const before = await bench.traceOf(bench.attacker);
      for (const place of places) {
        const mark = aMark();
        await bench.says(bench.attacker, `rm -rf html && ln -s '${place}' html`);
        const files = new Map([[`html/${mark}`, mark]]);
        expect(await outcome(bench.applyFile(bench.attacker, fileOf(bench), files)), place).not.toBe('done');
        await expectInside(bench, mark);
        expect(await bench.traceOf(bench.attacker), place).toEqual(before);
      }
    });

    it('is a folder of the session when it leads to one', async () => {
      const bench = await aBench();
      const mark = aMark();
      await bench.says(bench.attacker, 'ln -s .folders/4 html');
      const files = new Map([[`html/${mark}`, mark]]);
      expect(await outcome(bench.applyFile(bench.attacker, fileOf(bench), files))).toBe('done');
      await expectInside(bench, mark);
    });
  });

  describe('between the plan and its execution', () => {
    it('takes nothing along that is not the session’s own', { timeout: manyApplies }, async () => {
      const bench = await aBench();
      for (const place of places) {
        const mark = aMark();
        await bench.says(bench.attacker, 'rm -rf html');
        const compose = bench.judge(fileOf(bench));
        if (!('services' in compose)) throw new Error('the file was refused');
        const plan = await bench.plan(bench.attacker, compose, new Map([[`html/${mark}`, mark]]));
        await bench.says(bench.attacker, `rm -rf html; ln -s '${place}' html`);
        await outcome(bench.carryOut(plan));
        await expectInside(bench, mark);
      }
    });

    it('takes nothing along while it is being exchanged all the time', { timeout: manyApplies }, async () => {
      const bench = await aBench();
      const { attacker } = bench;
      await bench.says(
        attacker,
        `(while [ ! -e stop ]; do for place in / /etc ../.. .folders /workspace/.folders/4 /proc/1/root; do
           rm -rf html; ln -s $place html; ln -s $place html/inside; rm -rf html; mkdir html; ln -s $place html/inside; done; done) > /dev/null 2>&1 &`,
      );
      const ends = new Set<string>();
      for (let race = 0; race < races; race += 1) {
        const mark = aMark();
        const files = new Map([
          [`html/${mark}`, mark],
          [`html/inside/${mark}`, mark],
        ]);
        ends.add(await outcome(bench.applyFile(attacker, fileOf(bench, `sleep ${1000 + race}`), files)));
        await expectInside(bench, mark);
      }
      await bench.says(attacker, 'touch stop');
      expect(['done', 'undone', 'unprocessable', 'conflict']).toEqual(expect.arrayContaining([...ends]));
    });
  });

  describe('after it was mounted', () => {
    it('shows the service its own files at the end of every link in it', async () => {
      const bench = await aBench();
      await bench.applyFile(bench.attacker, fileOf(bench));
      await bench.says(
        bench.attacker,
        'cd html; ln -s / root; ln -s /etc etc; ln -s ../../../../etc/hostname hostname; ln -s /proc/1/root up',
      );
      const file = fileOf(bench, reading);
      expect(await outcome(bench.applyFile(bench.attacker, file))).toBe('done');
      const log = await bench.logOf(bench.attacker, 'web', /END/);
      const { Id } = await bench.inspect(bench.attacker, 's-web');
      expect(log.split('\n').slice(0, 2)).toEqual([Id.slice(0, 12), Id.slice(0, 12)]);
      await bench.expectConfined(bench.attacker);
    });

    it('writes no file to where it leads, and keeps the service where it was', { timeout: manyApplies }, async () => {
      const bench = await aBench();
      await bench.applyFile(bench.attacker, fileOf(bench), new Map([['html/index.html', 'mine']]));
      const { Id: service } = await bench.inspect(bench.attacker, 's-web');
      for (const place of places) {
        const mark = aMark();
        await bench.says(bench.attacker, `rm -rf html; ln -s '${place}' html; ln -sfn '${place}' .folders/0/inside`);
        const files = new Map([
          [`html/${mark}`, mark],
          [`.folders/0/inside/${mark}`, mark],
        ]);
        const attempt = bench.applyFile(bench.attacker, fileOf(bench, `sleep ${1000 + mark.length}`), files);
        await expect(attempt, place).rejects.toMatchObject({ kind: 'unprocessable' });
        await expectInside(bench, mark);
        const { Id, Mounts } = await bench.inspect(bench.attacker, 's-web');
        expect(Id, place).toBe(service);
        expect(Mounts.map(({ Name }) => Name)).toEqual([sessionObjectName(bench.attacker.sessionId, 'f0')]);
      }
    });
  });

  it('in the workspace that a service mounts, leads nowhere when the workbench is started again', async () => {
    const bench = await aBench();
    const { attacker, test } = bench;
    const mounts = "cut -d' ' -f5 /proc/self/mountinfo | grep -E '^/(workspace|usr)' | sort";
    const before = await bench.says(attacker, mounts);
    const attempts =
      'mv /project/.folders /project/moved; ln -s /usr/games /project/.folders; rm -rf /project/.folders; ln -s /usr/games /project/.folders';
    const looks = 'ls -ld /project/.folders; echo mine > /project/html/mine; cat /project/html/mine /srv/mine';
    const command = `sh -c "${attempts}; chown -h 1000 /project/.folders; ${looks}; echo END; sleep infinity"`;
    const volumes = 'volumes: [".:/project", "./html:/srv"]';
    await bench.applyFile(attacker, `services:\n  web:\n${bench.service(command, volumes)}`);
    expect(await bench.logOf(attacker, 'web', /END/)).toMatch(/^drwxr-xr-x .* \/project\/\.folders\nmine\nmine\nEND$/m);
    expect(await bench.says(attacker, 'cat html/mine')).toBe('mine\n');
    await test.engine.docker.getContainer(sessionObjectName(attacker.sessionId)).kill();
    await bench.restore(attacker);
    expect(await bench.says(attacker, mounts)).toBe(before);
  });
});
