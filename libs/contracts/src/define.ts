import type { z } from 'zod';
import type { ServiceName } from './vocabulary.js';

/** A question or an order to the service that owns the answer. Subject: `nalabo.rpc.<service>.<verb>`. */
export interface Rpc<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly kind: 'rpc';
  readonly type: string;
  readonly version: number;
  readonly service: ServiceName;
  readonly subject: string;
  readonly request: Request;
  readonly reply: Reply;
  readonly example: { readonly request: z.input<Request>; readonly reply: z.input<Reply> };
}

/** A fact about one session. Subject: `nalabo.evt.session.<fact>.<sessionId>`. */
export interface SessionFact<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly type: string;
  readonly version: number;
  readonly fact: string;
  readonly payload: Payload;
  readonly example: z.input<Payload>;
}

export type RequestOf<Message> = Message extends Rpc<infer Request> ? z.output<Request> : never;
export type ReplyOf<Message> = Message extends Rpc<z.ZodType, infer Reply> ? z.output<Reply> : never;
export type PayloadOf<Message> = Message extends SessionFact<infer Payload> ? z.output<Payload> : never;

export function defineRpc<Request extends z.ZodType, Reply extends z.ZodType>(
  definition: Pick<Rpc<Request, Reply>, 'service' | 'version' | 'request' | 'reply' | 'example'> & { verb: string },
): Rpc<Request, Reply> {
  const { verb, ...rest } = definition;
  const type = `${rest.service}.${verb}`;
  return { ...rest, kind: 'rpc', type, subject: `nalabo.rpc.${type}` };
}

export function defineSessionFact<Payload extends z.ZodType>(
  definition: Pick<SessionFact<Payload>, 'fact' | 'version' | 'payload' | 'example'>,
): SessionFact<Payload> {
  return { ...definition, kind: 'event', type: `session.${definition.fact}` };
}
