import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shell } from '@nalabo/infrastructure-port';
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

  /** A program of the attacks that the learner lets run until the signal. */
  async attack(program: string, signal: AbortSignal): Promise<CommandResult> {
    const text = readFileSync(join(attacks, program), 'utf8');
    return run(this.attacker, ['/usr/bin/python3', '-c', text], { signal });
  }

  /** The check while the attack is under way, which has begun before. */
  async checkUnder(program: string, trust: Trust, text: string): Promise<CommandResult> {
    const over = new AbortController();
    const attack = this.attack(program, over.signal);
    try {
      return await this.check(trust, text);
    } finally {
      over.abort();
      await attack;
    }
  }
}
