import { type Envelope, envelopeSchema, type Rpc } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';

type Schema = Rpc['request'];
type ParseFailure = NonNullable<ReturnType<Schema['safeParse']>['error']>;

/** The type and version that the receiver understands. */
export interface MessageIdentity {
  readonly type: string;
  readonly version: number;
}

/** The envelope around whatever the message carries. AppError `invalid_input` when it is none. */
export function parseEnvelope(data: Uint8Array): Envelope {
  const parsed = envelopeSchema.safeParse(decode(data));
  if (!parsed.success) throw invalid('a message without a valid envelope', parsed.error);
  return parsed.data;
}

/** The whole message by its contract. AppError `invalid_input` with every violation in `details`. */
export function parseMessage(data: Uint8Array, expected: MessageIdentity, schema: Schema): Envelope {
  const envelope = parseEnvelope(data);
  if (envelope.type !== expected.type || envelope.version !== expected.version) {
    const actual = `${envelope.type} version ${envelope.version}`;
    throw new AppError('invalid_input', `${actual} instead of ${expected.type} version ${expected.version}`);
  }
  const payload = schema.safeParse(envelope.payload);
  if (!payload.success) throw invalid(`${expected.type} breaks its contract`, payload.error);
  return { ...envelope, payload: payload.data };
}

function decode(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch (cause) {
    throw new AppError('invalid_input', 'a message that is not JSON', { cause });
  }
}

function invalid(what: string, failure: ParseFailure): AppError {
  const violations = failure.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const listed = violations.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new AppError('invalid_input', `${what} (${listed})`, {
    details: { violations },
    publicMessage: 'The request is not valid.',
  });
}
