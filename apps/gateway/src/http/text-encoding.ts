import { AppError } from '@nalabo/kernel';

export type Encoding = 'utf8' | 'base64';

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Standard input as messages carry it: base64. */
export function encodeStdin(stdin: string, encoding: Encoding): string {
  if (encoding === 'utf8') return Buffer.from(stdin, 'utf8').toString('base64');
  if (base64Pattern.test(stdin)) return stdin;
  throw new AppError('invalid_input', 'stdin is not base64.', { details: { field: 'stdin' } });
}

/**
 * Output as a client reads it. Invalid bytes become U+FFFD; a character that the size limit cut in two is dropped, because
 * the program did not write an invalid one.
 */
export function decodeOutput(base64: string, encoding: Encoding, isTruncated: boolean): string {
  if (encoding === 'base64') return base64;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(base64, 'base64'), { stream: isTruncated });
}
