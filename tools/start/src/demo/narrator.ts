import type { CommandRequest, CommandResult } from '../api-client.js';

/** Tells what the demo does, and counts what is not as promised. */
export class Narrator {
  private steps = 0;
  private broken = 0;

  constructor(private readonly write: (line: string) => void) {}

  get brokenPromises(): number {
    return this.broken;
  }

  /** A heading with one or two sentences about why the step matters. */
  step(title: string, explanation: string): void {
    this.steps++;
    this.write(`\n${this.steps}. ${title}\n   ${explanation}`);
  }

  show(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.write(`     ${line}`);
  }

  command({ command }: CommandRequest, result: CommandResult): void {
    this.show(`$ ${typeof command === 'string' ? command : JSON.stringify(command)}`);
    if (result.stdout !== '') this.show(result.stdout);
    if (result.stderr !== '') this.show(result.stderr);
    const status = result.exitCode === null ? result.outcome : `${result.outcome}, exit ${result.exitCode}`;
    this.show(`(${status}, ${Math.round(result.durationMs ?? 0)} ms)`);
  }

  promise(what: string, isKept: boolean): void {
    if (!isKept) this.broken++;
    this.write(`   ${isKept ? '✓' : '✗ NOT AS PROMISED:'} ${what}`);
  }
}
