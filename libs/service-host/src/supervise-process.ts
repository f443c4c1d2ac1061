import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';

/** Container platforms kill after 30 seconds. */
const stopMilliseconds = 25_000;

export interface SupervisedProcess extends EventEmitter {
  exit(code: number): void;
}

export interface Supervision {
  /** What a signal has to stop; a signal that came before is obeyed now. */
  stopWith(stop: () => Promise<void>): void;
}

/** SIGTERM and SIGINT end the process with 0 after an orderly stop; an error that nobody handles ends it with 1. */
export function superviseProcess(supervised: SupervisedProcess, logger: Logger): Supervision {
  const started = Promise.withResolvers<() => Promise<void>>();
  let stopping: Promise<void> | undefined;

  const endBroken = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error was handled by nobody');
    supervised.exit(1);
  };
  const stopInOrder = async (signal: string): Promise<void> => {
    logger.info(`${signal} received, stopping`);
    const deadline = setTimeout(() => {
      logger.error('stopping took too long');
      supervised.exit(1);
    }, stopMilliseconds);
    const stop = await started.promise;
    await stop();
    clearTimeout(deadline);
    supervised.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    supervised.on(signal, () => {
      stopping ??= stopInOrder(signal).catch(endBroken);
    });
  }
  supervised.on('unhandledRejection', endBroken);
  supervised.on('uncaughtException', endBroken);
  return { stopWith: started.resolve };
}
