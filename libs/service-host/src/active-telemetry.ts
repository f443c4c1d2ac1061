import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

export interface Telemetry {
  readonly exporter: PrometheusExporter;
  /** Sends what waits and ends. */
  shutdown(): Promise<void>;
}

let active: Telemetry | undefined;

/** What the telemetry entry started in this process; undefined when it was not loaded. */
export function activeTelemetry(): Telemetry | undefined {
  return active;
}

export function setActiveTelemetry(telemetry: Telemetry | undefined): void {
  active = telemetry;
}
