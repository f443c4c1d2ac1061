import { deadLetterStream, factStream } from '@nalabo/contracts';
import {
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';

const weekMilliseconds = 7 * 24 * 60 * 60 * 1_000;
const duplicateWindowMilliseconds = 2 * 60 * 1_000;

/** Age is the only limit: facts are small, and the oldest is the least worth keeping. */
const limits = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_age: nanos(weekMilliseconds),
  duplicate_window: nanos(duplicateWindowMilliseconds),
};

/** Makes both streams or brings them to these settings; what an operator added (such as replicas) stays. */
export async function ensureStreams(connection: NatsConnection): Promise<JetStreamManager> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const { name, subjects } of [factStream, deadLetterStream]) {
    const config = { ...limits, name, subjects: [...subjects] };
    try {
      await manager.streams.add(config);
    } catch (error) {
      // It exists with other settings; anything else fails here again, with its own reason.
      if (!(error instanceof JetStreamApiError)) throw error;
      await manager.streams.update(name, config);
    }
  }
  return manager;
}
