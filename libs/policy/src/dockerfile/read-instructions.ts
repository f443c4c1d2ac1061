import type { Findings } from '../rules/scope.js';
import { Scope } from '../rules/scope.js';
import { dockerfileLimits } from './dockerfile-limits.js';
import { fileRules } from './file-rules.js';

/** One instruction, its lines joined and its comments left out. */
export interface Instruction {
  /** From 1: where it begins. */
  readonly line: number;
  /** In upper case. */
  readonly keyword: string;
  /** What follows, without white space around it. */
  readonly rest: string;
}

/** Tabs and the ends of lines are all that text needs of them. */
const controlCharacter = /[^\P{Cc}\t]/u;
/**
 * What a builder may take for white space, or nobody sees. One such character before `--mount` makes it a flag for
 * some readers and none for others.
 */
const invisibleCharacter = /(?![\t ])[\p{Cf}\p{Z}]/u;
const comment = /^[\t ]*#/;
const directive = /^[\t ]*#\s*(?:syntax|escape|check)\s*=/i;
/** One backslash at the end, as a builder sees it: two of them stand for themselves. */
const continued = /(^|[^\\])\\[\t ]*$/;
const heredocWord = /<<-?\s*["']?(\w+)/;
const mayHoldHeredoc: readonly string[] = ['RUN', 'COPY', 'ADD', 'ONBUILD'];

/** Reads the instructions of a text that may be hostile, in linear time. Nothing is read of a text that is none. */
export function readInstructions(text: string, findings: Findings): readonly Instruction[] {
  const file = new Scope(fileRules.size, [], findings);
  const lines = readLines(text, file) ?? [];
  const strange = lines.flatMap((line, index) => (isStrange(line) ? [index + 1] : []));
  for (const line of strange) file.at(line).under(fileRules.characters).refuse();
  return strange.length > 0 ? [] : joinLines(lines, file);
}

function readLines(text: string, file: Scope): readonly string[] | undefined {
  const { bytes, lines: most } = dockerfileLimits;
  if (text.length > bytes || Buffer.byteLength(text) > bytes) return file.refuse();
  if (!text.isWellFormed()) return file.under(fileRules.characters).refuse();
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.length > most ? file.under(fileRules.lines).refuse() : lines;
}

function isStrange(line: string): boolean {
  return controlCharacter.test(line) || (!comment.test(line) && invisibleCharacter.test(line));
}

function joinLines(lines: readonly string[], file: Scope): readonly Instruction[] {
  const top = lines.findIndex((line) => !isSkipped(line));
  const head = top < 0 ? lines : lines.slice(0, top);
  const directives = head.flatMap((line, index) => (directive.test(line) ? [index + 1] : []));
  for (const line of directives) file.at(line).at('#').under(fileRules.directive).refuse();
  const instructions: Instruction[] = [];
  let index = head.length;
  while (index < lines.length) {
    const { text, next, isOpen } = joinFrom(lines, index);
    const instruction = split(text, index + 1);
    const scope = file.at(index + 1).at(shownKeyword(instruction));
    if (isOpen) scope.under(fileRules.continuation).refuse();
    const isHeredoc = text.includes('<<') && mayHoldHeredoc.includes(instruction.keyword);
    if (isHeredoc) scope.under(fileRules.heredoc).refuse();
    else if (text !== '') instructions.push(instruction);
    index = isHeredoc ? behindHeredoc(text, lines, next) : next;
  }
  return instructions;
}

interface Joined {
  readonly text: string;
  readonly next: number;
  /** It goes on, and the file does not. */
  readonly isOpen: boolean;
}

/** Comments and empty lines inside an instruction are left out, as a builder does. By itself, such a line is no text. */
function joinFrom(lines: readonly string[], start: number): Joined {
  if (isSkipped(lines[start] ?? '')) return { text: '', next: start + 1, isOpen: false };
  let text = '';
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (isSkipped(line)) continue;
    if (!continued.test(line)) return { text: (text + line).trim(), next: index + 1, isOpen: false };
    text += line.replace(continued, '$1');
  }
  return { text: text.trim(), next: lines.length, isOpen: true };
}

/** So that the lines of a text inside the file are not told as faults too. */
function behindHeredoc(text: string, lines: readonly string[], next: number): number {
  const word = heredocWord.exec(text)?.[1];
  const end = lines.findIndex((line, index) => index >= next && line.trim() === word);
  return end < 0 ? next : end + 1;
}

function isSkipped(line: string): boolean {
  return line.trim() === '' || comment.test(line);
}

function split(text: string, line: number): Instruction {
  const end = text.search(/[\t ]/);
  const word = end < 0 ? text : text.slice(0, end);
  // Letters beyond ASCII may turn into others in upper case.
  const keyword = /^[A-Za-z]+$/.test(word) ? word.toUpperCase() : word;
  return { line, keyword, rest: end < 0 ? '' : text.slice(end).trim() };
}

/** As much of it as an answer may quote. */
export function shownKeyword({ keyword }: Instruction): string {
  return keyword.slice(0, 32).toWellFormed();
}
