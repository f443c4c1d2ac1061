import { createHash, randomBytes } from 'node:crypto';

/** A `ticket` is taken once and soon; a `resume` token takes a connection up again for as long as its terminal lives. */
export type PassKind = 'ticket' | 'resume';

/** What lets a WebSocket in. The text is shown once and never stored. */
export interface TerminalPass {
  readonly kind: PassKind;
  readonly text: string;
}

const textPattern = /^[A-Za-z0-9_-]{43}$/;

export function newPass(kind: PassKind): TerminalPass {
  return { kind, text: randomBytes(32).toString('base64url') };
}

/** The pass among the subprotocols that a client offers; undefined when there is none, more than one, or a malformed one. */
export function readPass(protocols: readonly string[]): TerminalPass | undefined {
  const passes = protocols.flatMap((protocol): TerminalPass[] => {
    const [kind, text = ''] = protocol.split('.', 2);
    return kind === 'ticket' || kind === 'resume' ? [{ kind, text }] : [];
  });
  const [pass] = passes;
  return passes.length === 1 && pass && textPattern.test(pass.text) ? pass : undefined;
}

/** A plain hash is enough for 256 random bits. */
export function hashPass({ text }: TerminalPass): Buffer {
  return createHash('sha256').update(text).digest();
}
