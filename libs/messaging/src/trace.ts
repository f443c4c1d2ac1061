import { toAppError, type ErrorKind } from '@nalabo/kernel';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

export { SpanKind };

export interface SpanDescription {
  readonly name: string;
  readonly kind: SpanKind;
  readonly subject: string;
  /** The trace context of a received message; without it the span continues the current one. */
  readonly traceparent?: string | undefined;
}

const tracer = trace.getTracer('@nalabo/messaging');
const faults: ReadonlySet<ErrorKind> = new Set(['internal', 'unavailable', 'timeout']);

/** Runs `work` inside a span; an error is recorded on it and passed on. */
export async function inSpan<Result>(description: SpanDescription, work: () => Promise<Result>): Promise<Result> {
  const { name, kind, subject, traceparent } = description;
  const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
  const attributes = { 'messaging.system': 'nats', 'messaging.destination.name': subject };
  return tracer.startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work();
    } catch (thrown) {
      recordError(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  });
}

/** The current span as a W3C header, or undefined when nothing is traced. */
export function currentTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

/** A refused request is an answer; only what may need an operator makes the span an error. */
function recordError(span: Span, thrown: unknown): void {
  const error = toAppError(thrown);
  span.setAttribute('error.type', error.kind);
  if (faults.has(error.kind)) span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}
