import { pino, type DestinationStream, type Logger } from 'pino';
import { currentContext } from '../request-context.js';
import { logFields, logText } from './log-fields.js';

export interface LogSettings {
  readonly service: string;
  readonly instance: string;
  readonly level: string;
}

/** Written at once: at its end, the writer that collects lines waits for ever for a reader that is gone. */
const standardOutput = (): DestinationStream => pino.destination({ dest: 1, sync: true });

/** JSON lines, each with its service and, inside a request or a message, the ids to find the others by. */
export function createLogger(settings: LogSettings, destination: DestinationStream = standardOutput()): Logger {
  const { service, instance, level } = settings;
  return pino(
    {
      level,
      base: { service, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: logFields },
      // logFields has described errors already.
      serializers: { err: (described: unknown) => described },
      mixin: () => ({ ...currentContext() }),
      hooks: {
        logMethod(parameters, method) {
          const bounded = parameters.map((value: unknown) => (typeof value === 'string' ? logText(value) : value));
          method.apply(this, bounded as Parameters<typeof method>);
        },
      },
    },
    destination,
  );
}
