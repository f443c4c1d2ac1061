import { z } from 'zod';

/** What every service is told. Services extend it; the `OTEL_*` variables are read by OpenTelemetry itself. */
export const serviceConfigSchema = z.object({
  /** URL of the service's own role. */
  DATABASE_URL: z.string().min(1),
  NATS_URL: z.string().min(1),
  /** Where health and metrics are served. */
  HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  /** The name of the installation: every object it makes carries it. */
  NALABO_INSTANCE: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
    .default('local'),
});
export type ServiceConfig = Readonly<z.output<typeof serviceConfigSchema>>;

/** The exit status for a faulty configuration, by the convention of sysexits. */
const faultyConfiguration = 78;

/** The configuration, or the process ends after naming every fault. A value is never shown: it may be a secret. */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<z.output<Schema>> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return Object.freeze(parsed.data);
  for (const fault of configFaults(parsed.error)) process.stderr.write(`configuration: ${fault}\n`);
  return process.exit(faultyConfiguration);
}

export function configFaults(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** Traces are sent only where an endpoint is named; otherwise the SDK would try one on this machine. */
export function isTraceEndpointSet(environment: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(environment['OTEL_EXPORTER_OTLP_ENDPOINT'] || environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}
