import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '@nalabo/infrastructure-port';
import { newExecutionId } from '@nalabo/kernel';
import { run, script, type CommandResult } from './run-command.js';
import type { TestTarget } from './test-target.js';

/** Programs of a learner who attacks. */
const attacks = join(import.meta.dirname, 'attacks');

export type Trust = 'trusted' | 'untrusted';

/** Runs scripts in one session as its checks would run, beside a learner who attacks. */
export class Grader {
  private constructor(
    private readonly checker: Shell,
    private readonly learner: Shell,
    private readonly attacker: Shell,
  ) {}

  static async open(test: TestTarget, environment: Readonly<Record<string, string>> = {}): Promise<Grader> {
    const session = await test.ready({ environment });
    // The checker's is opened first, as it is in a session: before the learner can do anything.
    const checker = await test.target.exec.open(session, 'checker');
    const [learner, attacker] = await Promise.all([
      test.target.exec.open(session, 'learner'),
      test.target.exec.open(session, 'learner'),
    ]);
    return new Grader(checker, learner, attacker);
  }

  async close(): Promise<void> {
    await Promise.all([this.checker.close(), this.learner.close(), this.attacker.close()]);
  }

  /** What a check with this script comes to. */
  check(trust: Trust, text: string, signal = AbortSignal.timeout(20_000)): Promise<CommandResult> {
    const isTrusted = trust === 'trusted';
    const options = { program: { script: text }, workingDirectory: isTrusted ? '/' : '/workspace', signal };
    return run(isTrusted ? this.checker : this.learner, [], options);
  }

  /** Something that the learner does. */
  learn(text: string, signal = AbortSignal.timeout(20_000)): Promise<CommandResult> {
    return script(this.attacker, text, { signal });
  }

  /** What a program of the attacks says that ends by itself. */
  attack(program: string): Promise<CommandResult> {
    return run(this.attacker, attackCommand(program), { signal: AbortSignal.timeout(20_000) });
  }

  /** The check while an attack is under way, which begins before and goes on until the check has ended. */
  async checkUnder(program: string, trust: Trust, text: string, limitMs = 20_000): Promise<CommandResult> {
    const over = new AbortController();
    const ready = Promise.withResolvers<void>();
    const io = { stdout: () => ready.resolve(), stderr: () => undefined };
    const command = {
      executionId: newExecutionId(),
      program: attackCommand(program),
      workingDirectory: '/workspace',
      environment: {},
      stdin: null,
    };
    const attack = this.attacker.run(command, io, over.signal);
    try {
      await Promise.race([ready.promise, attack]);
      return await this.check(trust, text, AbortSignal.timeout(limitMs));
    } finally {
      over.abort();
      await attack;
    }
  }
}

function attackCommand(program: string): readonly string[] {
  return ['/usr/bin/python3', '-c', readFileSync(join(attacks, program), 'utf8')];
}
