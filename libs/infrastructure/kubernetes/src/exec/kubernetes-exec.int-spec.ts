import { newExecutionId } from '@nalabo/kernel';
import type { CommandIo, InfrastructureTarget, Observation, Shell } from '@nalabo/infrastructure-port';
import { conformanceGroups, verifyCase, type ConformanceHarness } from '@nalabo/infrastructure-port/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BareWorkbench } from '../testing/bare-workbench.js';
import { describeOnCluster } from '../testing/describe-on-cluster.js';
import { KubernetesExec } from './kubernetes-exec.js';

const exited = (exitCode: number, startFailed = false): object => ({ kind: 'exited', exitCode, startFailed });
const killed = { kind: 'killed' };
/** These end or replace the workbench, which the suite over the whole target does. */
const needsWholeTarget = new Set(['X15', 'X16', 'X17', 'T12', 'T13', 'T14']);
const rules = conformanceGroups
  .filter(({ name }) => name.startsWith('exec') || name.startsWith('terminal'))
  .flatMap(({ cases }) => cases)
  .filter(({ rule }) => !needsWholeTarget.has(rule));

describeOnCluster('commands by exec in a pod', process.env, ({ kubeconfig }) => {
  const workbench = new BareWorkbench(kubeconfig);
  const exec = new KubernetesExec(workbench.client, workbench.instance);
  const openShell = (): Promise<Shell> => exec.open(workbench.spec, 'learner');

  beforeAll(() => workbench.make({ COURSE: 'git', LEVEL: 'one', DOLLARS: '$(HOME) $HOME $$(HOME) pa$$word $' }));
  afterAll(() => workbench.remove());

  describe('keep the provider contract', () => {
    it.for(rules)('$rule $states', (rule) => verifyCase(rule, harnessOf(workbench, exec)));
  });

  it('tell a failed start from a failed command, and speak as sh', async () => {
    const shell = await openShell();
    expect(await run(shell, ['no-such-program'])).toEqual({
      end: exited(127, true),
      stdout: '',
      stderr: 'sh: 1: exec: no-such-program: not found\n',
    });
    expect(await run(shell, ['/etc/passwd'])).toMatchObject({ end: exited(126, true) });
    expect(await run(shell, [''])).toMatchObject({ end: { kind: 'exited', startFailed: true } });
    expect(await run(shell, ['x'.repeat(200_000)])).toMatchObject({ end: { kind: 'exited', startFailed: true } });
    expect(await script(shell, 'no-such-program')).toMatchObject({ end: exited(127) });
    expect(await script(shell, 'exit 126')).toMatchObject({ end: exited(126) });
    expect(await script(shell, 'kill -9 $$')).toEqual({ end: exited(137), stdout: '', stderr: '' });
  });

  it('take the longest script, and every character but NUL', async () => {
    const shell = await openShell();
    const comment = `# ${'x'.repeat(96 * 1024 - 20)}\necho end`;
    expect(await script(shell, comment)).toEqual({ end: exited(0), stdout: 'end\n', stderr: '' });
    const characters = Array.from({ length: 0x7ff }, (_, code) => String.fromCodePoint(code + 1)).join('');
    const text = `${characters}\n\n ✓𝄞\\\\'$n"\n`;
    expect((await run(shell, ['printf', '%s', text])).stdout).toBe(text);
    expect((await run(shell, ['printenv', 'TEXT'], { environment: { TEXT: text } })).stdout).toBe(`${text}\n`);
  });

  it('survive a learner who kills everything of his own', async () => {
    const shell = await openShell();
    expect(await script(shell, 'kill -9 -1')).toMatchObject({ end: { kind: 'lost' } });
    expect(await script(shell, 'echo alive')).toMatchObject({ end: exited(0), stdout: 'alive\n' });
  });

  it('are killed although they ignore SIGTERM, in bounded time', async () => {
    const shell = await openShell();
    const startedAt = performance.now();
    const signal = AbortSignal.timeout(500);
    expect(await script(shell, `trap '' TERM; while :; do sleep 0.1; done`, { signal })).toMatchObject({ end: killed });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await script(shell, livingSleeps)).toMatchObject({ stdout: '' });
  });

  it('may say a last word when they are asked to end', async () => {
    const shell = await openShell();
    const text = `trap 'echo last word; exit 3' TERM; echo ready; while :; do sleep 0.05; done`;
    const asked = new AbortController();
    let said = '';
    const stdout = (chunk: Uint8Array): void => {
      said += Buffer.from(chunk).toString();
      asked.abort();
    };
    const { end } = await script(shell, text, { io: { stdout, stderr: () => undefined }, signal: asked.signal });
    expect({ end, said }).toMatchObject({ end: killed, said: 'ready\nlast word\n' });
  });

  it('are killed although they took the mark off and hold their own group', async () => {
    const shell = await openShell();
    const argv = ['env', '-i', '/bin/sh', '-c', '/bin/sleep 1000 & /bin/sleep 1000'];
    expect(await run(shell, argv, { signal: AbortSignal.timeout(800) })).toMatchObject({ end: killed });
    expect(await script(shell, livingSleeps)).toMatchObject({ stdout: '' });
  });

  it('are killed although they read nothing of much input', async () => {
    const shell = await openShell();
    const stdin = new Uint8Array(4 * 2 ** 20);
    const signal = AbortSignal.timeout(800);
    expect(await run(shell, ['sleep', '1000'], { stdin, signal })).toMatchObject({ end: killed });
    expect(await script(shell, livingSleeps)).toMatchObject({ stdout: '' });
  });

  it('end although a background child holds their output open', async () => {
    const shell = await openShell();
    const startedAt = performance.now();
    expect(await script(shell, 'tail -f /dev/null & echo done; echo also >&2; exit 4')).toEqual({
      end: exited(4),
      stdout: 'done\n',
      stderr: 'also\n',
    });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  it('throw what their consumer throws, and are killed then', async () => {
    const shell = await openShell();
    const io = {
      stdout: (): never => {
        throw new Error('no more');
      },
      stderr: () => undefined,
    };
    await expect(run(shell, ['sh', '-c', 'echo hello; sleep 1000'], { io })).rejects.toThrow('no more');
    expect(await script(shell, livingSleeps)).toMatchObject({ stdout: '' });
  });

  it('of a checker run in a container of their own, out of the learner’s reach', async () => {
    const checker = await exec.open(workbench.spec, 'checker');
    const learner = await openShell();
    expect((await script(checker, 'id -u; echo "$COURSE"')).stdout).toBe('2000\n\n');
    const checking = run(checker, ['sleep', '2']);
    expect((await script(learner, 'kill -9 -1; ls /proc | grep -c "^[0-9]"')).stdout).not.toBe('');
    expect(await checking).toMatchObject({ end: exited(0) });
  });

  it('leave nothing of themselves in the list of processes but what they run', async () => {
    const shell = await openShell();
    const environment = { PASSWORD: 'a-secret-that-belongs-nowhere' };
    const list = `cat /proc/[0-9]*/cmdline | tr '\\0' ' '`;
    const inLane = await script(shell, list, { environment });
    expect(inLane.stdout).not.toContain(environment.PASSWORD);
    const byExec = await script(shell, list, { environment, stdin: new Uint8Array() });
    expect(byExec.stdout).not.toContain(environment.PASSWORD);
    expect(byExec.stdout).toContain('IFS= read -r NALABO_SCRIPT');
  });

  it('are refused where there is no workbench of ours', async () => {
    const other = new KubernetesExec(workbench.client, 'another-installation');
    await expect(other.open(workbench.spec, 'learner')).rejects.toMatchObject({ kind: 'not_found' });
    const { sessionId } = new BareWorkbench(kubeconfig).spec;
    await expect(exec.open({ sessionId, generation: 1 }, 'learner')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('are lost when the workbench goes away in the middle, and after', async () => {
    const shell = await openShell();
    const started = Promise.withResolvers<void>();
    const io = { stdout: () => started.resolve(), stderr: () => undefined };
    const running = run(shell, ['sh', '-c', 'trap "" TERM; echo started; sleep 1000'], { io });
    await started.promise;
    await workbench.removePod();
    expect((await running).end.kind).toBe('lost');
    await expect(run(shell, ['true'])).rejects.toMatchObject({ kind: 'not_found' });
    await expect(openShell()).rejects.toMatchObject({ kind: 'not_found' });
  });
});

const livingSleeps = `for file in /proc/[0-9]*/stat; do read -r line <$file && case $line in *'(sleep) Z'*) ;; '1 '*) ;; *'(sleep)'*) echo "$line" ;; esac; done 2>/dev/null`;

interface RunOptions {
  readonly io?: CommandIo;
  readonly signal?: AbortSignal;
  readonly stdin?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

async function run(shell: Shell, program: readonly string[], options: RunOptions = {}) {
  const { io, signal = AbortSignal.timeout(60_000), stdin = null, environment = {} } = options;
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const collect: CommandIo = {
    stdout: (chunk) => void stdout.push(Uint8Array.from(chunk)),
    stderr: (chunk) => void stderr.push(Uint8Array.from(chunk)),
  };
  const command = { executionId: newExecutionId(), program, workingDirectory: '/workspace', environment, stdin };
  const { end } = await shell.run(command, io ?? collect, signal);
  return { end, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

const script = (shell: Shell, text: string, options?: RunOptions) => run(shell, ['sh', '-c', text], options);

/** Every case works in the one workbench, which is there before and after it. */
function harnessOf(workbench: BareWorkbench, exec: KubernetesExec): ConformanceHarness {
  const ready: Observation = {
    presence: 'present',
    readiness: 'ready',
    reason: null,
    generation: workbench.spec.generation,
    objects: [],
    storage: { requested: '1Gi', enforced: false, reason: 'there is no quota' },
    endpoints: [],
    services: [],
    steps: [],
  };
  const target = {
    name: 'test',
    lifecycle: { ensure: () => Promise.resolve(ready), destroy: () => Promise.resolve([]) },
    observe: { observe: () => Promise.resolve(ready) },
    exec,
  } as unknown as InfrastructureTarget;
  return {
    target,
    newSpec: () => workbench.spec,
    sessionsInParallel: 1,
    killWorkbench: () => Promise.reject(new Error('not here')),
    leftovers: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}
