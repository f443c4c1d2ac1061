import { expect } from 'vitest';
import type { Terminal } from '../exec.js';
import type { ConformanceContext } from './conformance-context.js';

/** Somebody at a terminal: types, and looks at what it shows. */
export class Typist {
  /** Everything that has been shown. */
  readonly screen: Uint8Array[] = [];
  readonly end: Promise<number | null>;

  constructor(
    private readonly context: ConformanceContext,
    readonly terminal: Terminal,
  ) {
    const reading = terminal.read((chunk) => void this.screen.push(Uint8Array.from(chunk)));
    this.end = reading.then(() => terminal.ended());
  }

  type(text: string | Uint8Array): Promise<void> {
    return this.terminal.write(Buffer.from(text));
  }

  /** Waits until something that matches is shown; answers the first group of it. */
  sees(pattern: RegExp): Promise<string> {
    return this.context.eventually(() => {
      const text = Buffer.concat(this.screen).toString('latin1');
      expect(text).toMatch(pattern);
      return Promise.resolve(pattern.exec(text)?.[1] ?? '');
    });
  }
}
