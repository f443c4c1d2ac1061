import { type ErrorReply, errorReplySchema, type ReplyOf, type Rpc } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';

/** Tells an error from a reply: both are plain JSON without an envelope. */
const errorHeader = 'Nalabo-Error';

export interface EncodedReply {
  readonly data: string;
  readonly headers?: MsgHdrs;
}

export function encodeReply(reply: unknown): EncodedReply {
  return { data: JSON.stringify(reply ?? null) };
}

export function encodeError(error: AppError): EncodedReply {
  const { kind, message, publicMessage, details } = error;
  const marked = headers();
  marked.set(errorHeader, kind);
  return { data: JSON.stringify({ kind, message, publicMessage, details } satisfies ErrorReply), headers: marked };
}

/** The reply by its contract. Throws the AppError that the other side threw, or `internal` for an unreadable reply. */
export function decodeReply<Contract extends Rpc>(rpc: Contract, message: Msg): ReplyOf<Contract> {
  if (message.headers?.has(errorHeader)) throw decodeError(rpc, message);
  const parsed = rpc.reply.safeParse(json(rpc, message));
  if (parsed.success) return parsed.data as ReplyOf<Contract>;
  throw new AppError('internal', `the reply to ${rpc.type} breaks its contract`, { cause: parsed.error });
}

function decodeError(rpc: Rpc, message: Msg): AppError {
  const parsed = errorReplySchema.safeParse(json(rpc, message));
  if (!parsed.success) return new AppError('internal', `the error reply to ${rpc.type} is unreadable`);
  const { kind, message: text, publicMessage, details } = parsed.data;
  return new AppError(kind, text, { publicMessage, details });
}

function json(rpc: Rpc, message: Msg): unknown {
  try {
    return message.json();
  } catch (cause) {
    throw new AppError('internal', `the reply to ${rpc.type} is not JSON`, { cause });
  }
}
