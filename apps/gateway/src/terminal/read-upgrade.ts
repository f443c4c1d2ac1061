import { sessionIdSchema, terminalLimits, terminalProtocol, type TerminalSize } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { readPass, type TerminalPass } from './terminal-pass.js';

/** What a client asks of the WebSocket, before anything is known of its pass. */
export interface TerminalUpgrade {
  readonly sessionId: string;
  readonly pass: TerminalPass;
  /** How much of the output it has already; null for none. */
  readonly offset: number | null;
  readonly size: TerminalSize;
}

export interface UpgradeHead {
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

const pathPattern = /^\/api\/workshops\/sessions\/([^/]+)\/terminal$/;

const count = (limits: { readonly default: number; readonly maximum: number }) =>
  z.coerce.number().int().min(1).max(limits.maximum).default(limits.default);

const querySchema = z.strictObject({
  columns: count(terminalLimits.columns),
  rows: count(terminalLimits.rows),
  offset: z.coerce.number().int().nonnegative().optional(),
});

/**
 * @param origins Further origins whose pages may connect, besides those of the same host.
 * @throws AppError `not_found`, `forbidden`, `invalid_input`, `unauthenticated`.
 */
export function readUpgrade({ url = '', headers }: UpgradeHead, origins: readonly string[]): TerminalUpgrade {
  const [path = '', query = ''] = url.split('?', 2);
  const sessionId = pathPattern.exec(path)?.[1];
  if (sessionId === undefined) throw new AppError('not_found', 'There is nothing at this path.');
  if (!isOriginAllowed(headers, origins)) throw new AppError('forbidden', 'Pages of this origin may not connect.');
  return { ...readAddress(sessionId, query), pass: requirePass(headers) };
}

/** Nothing of the address is quoted: somebody may have put a secret into it. */
function readAddress(sessionId: string, query: string): Omit<TerminalUpgrade, 'pass'> {
  const parsed = querySchema.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!parsed.success || !sessionIdSchema.safeParse(sessionId).success) {
    throw new AppError('invalid_input', 'The address takes a session, and columns, rows and offset as numbers.');
  }
  const { offset = null, ...size } = parsed.data;
  return { sessionId, offset, size };
}

function requirePass(headers: IncomingHttpHeaders): TerminalPass {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!protocols.includes(terminalProtocol)) {
    throw new AppError('invalid_input', `The WebSocket speaks the subprotocol ${terminalProtocol}.`);
  }
  const pass = readPass(protocols);
  if (!pass) throw new AppError('unauthenticated', 'A ticket is required, as the subprotocol ticket.<ticket>.');
  return pass;
}

/** Only browsers send an origin, and all of them do. */
function isOriginAllowed({ origin, host }: IncomingHttpHeaders, origins: readonly string[]): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
