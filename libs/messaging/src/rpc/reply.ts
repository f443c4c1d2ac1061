import { type ErrorReply, errorReplySchema, type ReplyOf, type Rpc } from '@nalabo/contracts';
import { AppError, type ErrorDetails, shorten } from '@nalabo/kernel';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';

/** Tells an error from a reply: both are plain JSON without an envelope. */
const errorHeader = 'Nalabo-Error';

/** Of what an error tells about a request; a field may be a key of the request, of any length. */
const longestField = 250;
const longestMessage = 1000;

export interface EncodedReply {
  readonly data: string;
  readonly headers?: MsgHdrs;
}

export function encodeReply(reply: unknown): EncodedReply {
  return { data: JSON.stringify(reply ?? null) };
}

export function encodeError({ kind, message, publicMessage, details }: AppError): EncodedReply {
  return marked({ kind, message, publicMessage, details: shortened(details) });
}

/** The error alone, for when all that is known of it is larger than the server takes. */
export function encodeBareError({ kind, message, publicMessage }: AppError): EncodedReply {
  const texts = { message: shorten(message, longestMessage), publicMessage: shorten(publicMessage, longestMessage) };
  return marked({ kind, ...texts, details: {} });
}

/** The reply by its contract. Throws the AppError that the other side threw, or `internal` for an unreadable reply. */
export function decodeReply<Contract extends Rpc>(rpc: Contract, message: Msg): ReplyOf<Contract> {
  if (message.headers?.has(errorHeader)) throw decodeError(rpc, message);
  const parsed = rpc.reply.safeParse(json(rpc, message));
  if (parsed.success) return parsed.data as ReplyOf<Contract>;
  throw new AppError('internal', `the reply to ${rpc.type} breaks its contract`, { cause: parsed.error });
}

function marked(reply: ErrorReply): EncodedReply {
  const mark = headers();
  mark.set(errorHeader, reply.kind);
  return { data: JSON.stringify(reply), headers: mark };
}

function shortened({ field, violations, ...rest }: ErrorDetails): ErrorReply['details'] {
  return {
    ...rest,
    ...(field === undefined ? {} : { field: shorten(field, longestField) }),
    ...(violations === undefined
      ? {}
      : {
          violations: violations.map((violation) => ({
            ...violation,
            field: shorten(violation.field, longestField),
            message: shorten(violation.message, longestMessage),
            ...(violation.path === undefined ? {} : { path: shorten(violation.path, longestField) }),
          })),
        }),
  };
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
