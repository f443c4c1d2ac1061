import type { DataSourceOptions, EntitySchema, MigrationInterface, MixedList } from 'typeorm';

export interface PersistenceOptions {
  /** URL of the service's own role. Carries the password: not for logs. */
  readonly url: string;
  /** The service's own schema; it exists before (`prepareDatabase`). */
  readonly schema: string;
  readonly entities: MixedList<(new () => object) | EntitySchema>;
  /** In the order of their timestamps. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

const second = 1000;

/** Every connection carries the limits itself, so no statement of ours can hold a row or a connection for long. */
export function dataSourceOptions(
  options: PersistenceOptions,
  onIdleConnectionLost: (error: Error) => void,
): DataSourceOptions {
  return {
    type: 'postgres',
    url: options.url,
    entities: options.entities,
    migrations: [...options.migrations],
    migrationsTableName: 'migrations',
    installExtensions: false,
    poolSize: 4,
    connectTimeoutMS: 5 * second,
    poolErrorHandler: onIdleConnectionLost,
    extra: {
      options: `-c search_path=${options.schema}`,
      statement_timeout: 10 * second,
      lock_timeout: 5 * second,
      idle_in_transaction_session_timeout: 30 * second,
      keepAlive: true,
    },
  };
}
