import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { setActiveTelemetry } from './active-telemetry.js';
import { isTraceEndpointSet } from './env.js';

/*
 * Loaded before the service by `node --import @nalabo/service-host/telemetry`, because instrumentation has to come before
 * what it instruments. Requests are measured by a hook of our own: the automatic HTTP instrumentation costs two thirds of
 * the throughput.
 */

// The host's own HTTP server answers /metrics, and whoever reads it learns no command line and no host name.
const exporter = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true });

const sdk = new NodeSDK({
  metricReaders: [exporter],
  instrumentations: [new PgInstrumentation({ requireParentSpan: true })],
  logRecordProcessors: [],
  ...(isTraceEndpointSet() ? {} : { spanProcessors: [] }),
});
sdk.start();
setActiveTelemetry({ exporter, shutdown: () => sdk.shutdown() });
