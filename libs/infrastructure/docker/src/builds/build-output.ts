import { AppError } from '@nalabo/kernel';
import { toStreamError } from '../engine/errors.js';

interface BuildRecord {
  readonly stream?: unknown;
  readonly error?: unknown;
}

const keptCharacters = 2000;
/** Whoever wrote the file can mend it, and is told what the builder said. */
const ofTheFile = /returned a non-zero code|(COPY|ADD) failed/;
/** Which objects of the engine a step is carried out in, and the steps that mark what is made. */
const ofTheEngine = /^( ---> |Removing intermediate container |Step \d+\/\d+ : LABEL io\.nalabo\.)/;
/** What the builder says in colour. */
const colour = /\u001b\[[0-9;]*m/g;
/** A terminal would obey them, and a database refuses some. */
const control = /[^\P{Cc}\n\t]/gu;

/** What a builder says, of which the end is kept. */
export class BuildOutput {
  private tail = '';
  private fault: string | undefined;
  private said = 0;

  /** How much was said, in characters as they were sent. */
  get characters(): number {
    return this.said;
  }

  /** @param line A line of the builder's answer. */
  read(line: string): void {
    this.said += line.length;
    if (line.trim() === '') return;
    const { stream, error } = JSON.parse(line) as BuildRecord;
    if (typeof error === 'string') this.fault = error;
    if (typeof stream === 'string' && !ofTheEngine.test(stream))
      this.tail = (this.tail + shown(stream)).slice(-2 * keptCharacters);
  }

  /** Why there is no image, as far as the builder has said so. */
  failure(operation: string): AppError | undefined {
    if (this.fault === undefined) return undefined;
    const told = toStreamError(this.fault, operation);
    if (!ofTheFile.test(this.fault) && told.kind !== 'internal') return told;
    const why = ofTheFile.test(this.fault) ? this.fault : 'one of its steps could not be carried out';
    const publicMessage = `The image could not be built: ${shortened(shown(why))}\n${this.end}`.trim();
    return new AppError('unprocessable', told.message, { publicMessage });
  }

  /** The last of it, in whole lines. */
  get end(): string {
    if (this.tail.length <= keptCharacters) return this.tail.toWellFormed().trim();
    return this.tail.slice(-keptCharacters).replace(/^.*\n/, '').toWellFormed().trim();
  }
}

function shown(text: string): string {
  return text.replace(colour, '').replace(control, '');
}

function shortened(text: string): string {
  return (text.length > 500 ? `${text.slice(0, 300)}…${text.slice(-200)}` : text).toWellFormed();
}
