import type { Command } from '@nalabo/contracts';

/** A string is shell text; an array is a program with its arguments and meets no shell. */
export function argvOf(command: Command): readonly string[] {
  return typeof command === 'string' ? ['sh', '-c', command] : command;
}
