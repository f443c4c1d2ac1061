import { AppError } from '@nalabo/kernel';
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { currentTraceparent, inSpan, SpanKind } from './trace.js';

const exporter = new InMemorySpanExporter();
const description = { name: 'handle a.message', kind: SpanKind.SERVER, subject: 'a.subject' };

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

it('knows no trace outside a span', () => {
  expect(currentTraceparent()).toBeUndefined();
});

it('continues the trace of a received message', async () => {
  const sent = await inSpan(description, async () => currentTraceparent());
  const inside = await inSpan({ ...description, traceparent: sent }, async () => currentTraceparent());
  const [sender, receiver] = exporter.getFinishedSpans();
  expect(receiver?.spanContext().traceId).toBe(sender?.spanContext().traceId);
  expect(receiver?.parentSpanContext?.spanId).toBe(sender?.spanContext().spanId);
  expect(inside).toContain(receiver?.spanContext().spanId);
});

it.each([
  ['conflict', SpanStatusCode.UNSET],
  ['unavailable', SpanStatusCode.ERROR],
  ['internal', SpanStatusCode.ERROR],
] as const)('passes an error of kind %s on and gives its span the status %i', async (kind, status) => {
  const failure = new AppError(kind, 'it failed');
  const work = inSpan(description, () => Promise.reject(failure));
  await expect(work).rejects.toBe(failure);
  expect(exporter.getFinishedSpans()[0]).toMatchObject({
    status: { code: status },
    attributes: { 'error.type': kind },
  });
});
