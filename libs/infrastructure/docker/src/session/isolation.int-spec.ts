import { sessionObjectName } from '@nalabo/infrastructure-port';
import { expect, it } from 'vitest';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { run } from '../testing/run-command.js';

/** What a learner may not do, each as a command that must fail. Reaching addresses is part of the provider contract. */
const forbidden: readonly (readonly [string, readonly string[]])[] = [
  ['resolve a name outside', ['getent', 'hosts', 'example.com']],
  ['open a raw socket', ['python3', '-c', 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)']],
  ['open a packet socket', ['python3', '-c', 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)']],
  ['mount', ['mount', '-t', 'tmpfs', 'none', '/workspace']],
  ['make a user namespace', ['unshare', '-U', 'true']],
  ['make a mount namespace', ['unshare', '-m', 'true']],
  ['write a kernel setting', ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']],
  ['read the kernel’s memory', ['dd', 'if=/proc/kcore', 'of=/dev/null', 'bs=1', 'count=1']],
  ['make a device', ['mknod', '/tmp/device', 'c', '1', '3']],
  ['change the owner of a file', ['chown', '2000', '/workspace']],
  ['signal the keeper', ['kill', '-9', '1']],
  ['run a program from /tmp', ['sh', '-c', 'cp /bin/true /tmp/program && /tmp/program']],
  ['use an IPv6 address', ['python3', '-c', 'import socket; socket.create_server(("::1", 0), family=socket.AF_INET6)']],
  ['write 600 MiB into one file', ['dd', 'if=/dev/zero', 'of=/workspace/big', 'bs=1M', 'count=600']],
];

await describeOnEngine('inside a session', (current) => {
  it('a learner can do nothing of what is forbidden, and nothing happens to the session', async () => {
    const { test } = current();
    const spec = await test.ready();
    const shell = await test.target.exec.open(spec, 'learner');
    for (const [what, argv] of forbidden) {
      const { end } = await run(shell, argv);
      expect(end, what).toMatchObject({ kind: 'exited', startFailed: false });
      expect(end, what).not.toMatchObject({ exitCode: 0 });
    }
    expect(await test.target.observe.observe(spec, AbortSignal.timeout(10_000))).toMatchObject({ readiness: 'ready' });
  });

  it('the workspace and its folders belong to the learner, and others can read them', async () => {
    const { test } = current();
    const spec = await test.ready();
    const shell = await test.target.exec.open(spec, 'learner');
    const folders = ['/workspace', '/home/lab', ...[0, 1, 2, 3, 4].map((index) => `/workspace/.folders/${index}`)];
    const { stdout } = await run(shell, ['stat', '-c', '%u %a', ...folders]);
    expect(stdout).toBe('1000 755\n'.repeat(folders.length));
  });

  it('a learner cannot move where a folder is mounted when the workbench is started again', async () => {
    const { test } = current();
    const spec = await test.ready();
    const learner = await test.target.exec.open(spec, 'learner');
    const attempts = [
      'mv /workspace/.folders /workspace/other',
      'rm -rf /workspace/.folders',
      'mv /workspace/.folders/0 /workspace/.folders/other',
      'ln -sfn /usr/games /workspace/.folders/0/x && mv -T /workspace/.folders/0/x /workspace/.folders/0',
      'ln -s /usr/games /workspace/.folders/5',
    ];
    for (const attempt of attempts) {
      expect((await run(learner, ['sh', '-c', attempt])).end, attempt).not.toMatchObject({ exitCode: 0 });
    }
    await run(learner, ['touch', '/workspace/.folders/0/mine']);
    await test.engine.docker.getContainer(sessionObjectName(spec.sessionId)).kill();
    await test.target.lifecycle.ensure(spec, AbortSignal.timeout(60_000));
    const checker = await test.target.exec.open(spec, 'checker');
    const { stdout } = await run(checker, [
      'sh',
      '-c',
      'cut -d" " -f5 /proc/self/mountinfo | grep -E "^/(workspace|usr)"',
    ]);
    expect(stdout.split('\n').toSorted()).toEqual([
      '',
      '/usr/sbin/docker-init',
      '/workspace',
      '/workspace/.folders',
      ...[0, 1, 2, 3, 4].map((index) => `/workspace/.folders/${index}`),
    ]);
    expect((await run(checker, ['ls', '/workspace/.folders/0'])).stdout).toContain('mine\n');
  });
});
