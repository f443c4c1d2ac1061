import { sessionIdPattern, executionIdPattern } from '@nalabo/kernel';
import { z } from 'zod';

/** The words that services, messages and the HTTP API share. Changing one is a decision, not an edit. */

export const sessionIdSchema = z.string().regex(sessionIdPattern);
export const executionIdSchema = z.string().regex(executionIdPattern);
export const instantSchema = z.iso.datetime();

export const serviceNames = ['gateway', 'provisioner', 'executor', 'monitor', 'cleanup'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const roles = ['learner', 'instructor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Who asks. The platform's own loops act as `role: admin` with the service's name as the key id. */
export const actorSchema = z.object({ keyId: z.string(), ownerId: z.string(), role: roleSchema });
export type Actor = z.infer<typeof actorSchema>;

export const infrastructureTypeSchema = z.enum(['docker', 'kubernetes']);
export type InfrastructureType = z.infer<typeof infrastructureTypeSchema>;

/** The kind of a configured target; `memory` exists for tests and is never offered to clients. */
export const targetKindSchema = z.enum(['docker', 'kubernetes', 'memory']);
export type TargetKind = z.infer<typeof targetKindSchema>;

export const sessionStateSchema = z.enum(['REQUESTED', 'PROVISIONING', 'READY', 'TERMINATING', 'TERMINATED']);
export type SessionState = z.infer<typeof sessionStateSchema>;

/** What the API shows: a session that ended with the reason `failed` is `FAILED`. */
export const shownStateSchema = z.enum([...sessionStateSchema.options, 'FAILED']);
export type ShownState = z.infer<typeof shownStateSchema>;

export const endReasonSchema = z.enum(['requested', 'expired', 'idle', 'failed', 'orphaned', 'admin']);
export type EndReason = z.infer<typeof endReasonSchema>;

/** Resources in exact units: millicores and bytes. */
export const limitsSchema = z.object({
  cpuMillicores: z.number().int().positive(),
  memoryBytes: z.number().int().positive(),
  storageBytes: z.number().int().positive(),
});
export type Limits = z.infer<typeof limitsSchema>;

/** Resources as a client writes and reads them. */
export const resourcesSchema = z.object({ cpu: z.string(), memory: z.string(), storage: z.string() });
export type Resources = z.infer<typeof resourcesSchema>;

export const storageReportSchema = z.object({
  requested: z.string(),
  enforced: z.boolean(),
  reason: z.string().nullable(),
});
export type StorageReport = z.infer<typeof storageReportSchema>;

/** One step on the way to READY, in order of execution. */
export const progressStepSchema = z.object({
  step: z.string(),
  status: z.enum(['done', 'running', 'failed']),
  durationMs: z.number().nonnegative().nullable(),
});
export type ProgressStep = z.infer<typeof progressStepSchema>;

/** An object on an infrastructure: a container, a network, a volume, a namespace. */
export const infrastructureObjectSchema = z.object({ kind: z.string(), name: z.string() });
export type InfrastructureObject = z.infer<typeof infrastructureObjectSchema>;

export const removedObjectSchema = infrastructureObjectSchema.extend({ at: instantSchema });
export type RemovedObject = z.infer<typeof removedObjectSchema>;

/** How a session is set apart on a shared cluster: by a virtual cluster of its own, or by a namespace alone. */
export const isolationSchema = z.enum(['vcluster', 'namespace']);
export type Isolation = z.infer<typeof isolationSchema>;

/** One thing that a target was examined for. `warning`: sessions run, but something is missing; `failed`: they will not. */
export const preflightFindingSchema = z.object({
  name: z.string().min(1),
  status: z.enum(['ok', 'warning', 'failed']),
  detail: z.string().min(1),
});
export type PreflightFinding = z.infer<typeof preflightFindingSchema>;

export const endpointSchema = z.object({ name: z.string(), host: z.string(), port: z.number().int() });
export type Endpoint = z.infer<typeof endpointSchema>;

export const outcomeSchema = z.enum(['succeeded', 'failed', 'timed_out', 'cancelled', 'unknown']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** A capability is stated with the reason when it is absent; nothing is inferred from the kind. */
export const capabilitySchema = z.object({ available: z.boolean(), reason: z.string().nullable() });
export type Capability = z.infer<typeof capabilitySchema>;

export const capabilityNames = [
  'exec',
  'apply',
  'builds',
  'terminal',
  'usage',
  'storageQuota',
  'processLimit',
  'selfEnding',
  'kubeconfig',
] as const;
export type CapabilityName = (typeof capabilityNames)[number];
export const capabilitiesSchema = z.record(z.enum(capabilityNames), capabilitySchema);
export type Capabilities = z.infer<typeof capabilitiesSchema>;
