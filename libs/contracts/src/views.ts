import { z } from 'zod';
import {
  capabilitiesSchema,
  endReasonSchema,
  endpointSchema,
  executionIdSchema,
  infrastructureObjectSchema,
  infrastructureTypeSchema,
  instantSchema,
  outcomeSchema,
  preflightFindingSchema,
  progressStepSchema,
  removedObjectSchema,
  resourcesSchema,
  sessionIdSchema,
  shownStateSchema,
  storageReportSchema,
  targetKindSchema,
} from './vocabulary.js';

/** The one shape per resource: what its owner answers is what a client reads. */

export const sessionViewSchema = z.object({
  id: sessionIdSchema,
  ownerId: z.string(),
  workshopId: z.string(),
  workshopRevision: z.number().int().positive(),
  infrastructureType: targetKindSchema,
  target: z.string(),
  state: shownStateSchema,
  reason: endReasonSchema.nullable(),
  resources: resourcesSchema,
  storage: storageReportSchema.nullable(),
  progress: z.array(progressStepSchema),
  endpoints: z.array(endpointSchema),
  lastError: z.string().nullable(),
  createdAt: instantSchema,
  readyAt: instantSchema.nullable(),
  terminatedAt: instantSchema.nullable(),
  expiresAt: instantSchema,
  remainingSeconds: z.number().int().nonnegative(),
  endsBy: instantSchema,
});
export type SessionView = z.infer<typeof sessionViewSchema>;

export const workshopViewSchema = z.object({
  id: z.string(),
  revision: z.number().int().positive(),
  title: z.string(),
  description: z.string(),
  infrastructureTypes: z.array(infrastructureTypeSchema).min(1),
  defaultDurationMinutes: z.number().int().positive(),
  maximumDurationMinutes: z.number().int().positive(),
  defaultResources: z.partialRecord(infrastructureTypeSchema, resourcesSchema),
  checks: z.array(z.object({ id: z.string(), title: z.string() })),
});
export type WorkshopView = z.infer<typeof workshopViewSchema>;

export const truncationSchema = z.object({ stdout: z.boolean(), stderr: z.boolean() });

export const executionStateSchema = z.enum(['running', 'finished']);

/** An execution inside messages: output is base64. The gateway turns it into text unless the client asks for base64. */
export const executionViewSchema = z.object({
  executionId: executionIdSchema,
  sessionId: sessionIdSchema,
  state: executionStateSchema,
  command: z.union([z.string(), z.array(z.string())]),
  outcome: outcomeSchema.nullable(),
  exitCode: z.number().int().nullable(),
  stdout: z.base64(),
  stderr: z.base64(),
  truncated: truncationSchema,
  startFailed: z.boolean(),
  durationMs: z.number().nonnegative().nullable(),
  path: z.enum(['lane', 'exec']).nullable().describe('through a shell that was open already, or by an exec of its own'),
  leftProcesses: z.boolean().describe('processes that the command started live on and hold its output'),
  startedAt: instantSchema,
});
export type ExecutionView = z.infer<typeof executionViewSchema>;

/** A figure that cannot be had is null, never zero. */
export const usageSchema = z.object({
  at: instantSchema,
  cpuMillicores: z.number().nonnegative().nullable(),
  cpuSecondsTotal: z.number().nonnegative().nullable(),
  memoryBytes: z.number().nonnegative().nullable(),
  networkReceivedBytes: z.number().nonnegative().nullable(),
  networkSentBytes: z.number().nonnegative().nullable(),
  processes: z.number().int().nonnegative().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const metricsViewSchema = z.object({
  sessionId: sessionIdSchema,
  limits: z.object({ cpuMillicores: z.number(), memoryBytes: z.number(), storageBytes: z.number() }),
  current: usageSchema.nullable(),
  unavailableReason: z.string().nullable(),
  history: z.array(usageSchema),
});
export type MetricsView = z.infer<typeof metricsViewSchema>;

/** One service that was applied. That one has ended is no fault by itself: it may have had only so much to do. */
export const serviceHealthSchema = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'running', 'ended']),
  health: z
    .enum(['starting', 'healthy', 'unhealthy'])
    .nullable()
    .describe('by its health check, null when it has none or does not run'),
  exitCode: z.number().int().nullable().describe('null as long as it runs, and when nobody knows'),
});

export const healthViewSchema = z.object({
  sessionId: sessionIdSchema,
  status: z.enum(['healthy', 'starting', 'degraded', 'absent', 'unknown']).describe('of the workbench'),
  reason: z.string().nullable(),
  services: z.array(serviceHealthSchema).describe('what was applied and runs beside the workbench, by name'),
  checkedAt: instantSchema,
  target: z.object({ name: z.string(), reachable: z.boolean() }),
});
export type HealthView = z.infer<typeof healthViewSchema>;

export const targetHealthSchema = z.object({
  name: z.string(),
  reachable: z.boolean(),
  reason: z.string().nullable(),
  version: z.string().nullable(),
  checkedAt: instantSchema,
});
export type TargetHealth = z.infer<typeof targetHealthSchema>;

/** The last examination of a target. */
export const preflightReportSchema = z.object({ at: instantSchema, findings: z.array(preflightFindingSchema) });
export type PreflightReport = z.infer<typeof preflightReportSchema>;

export const targetViewSchema = z.object({
  name: z.string(),
  type: targetKindSchema,
  capabilities: capabilitiesSchema,
  liveSessions: z.number().int().nonnegative(),
  provisioning: z.object({ running: z.number().int(), limit: z.number().int(), queued: z.number().int() }),
  /** Null until the target was examined, and for everybody but administrators: it tells how the target is set up. */
  preflight: preflightReportSchema.nullable(),
});
export type TargetView = z.infer<typeof targetViewSchema>;

export const receiptViewSchema = z.object({
  sessionId: sessionIdSchema,
  reason: endReasonSchema,
  endedAt: instantSchema,
  removed: z.array(removedObjectSchema),
  verified: z.object({ at: instantSchema, left: z.array(infrastructureObjectSchema) }).nullable(),
  clean: z.boolean(),
});
export type ReceiptView = z.infer<typeof receiptViewSchema>;

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}
