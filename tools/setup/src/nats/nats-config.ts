export interface NatsConfig {
  port: number;
  storeDirectory: string;
  user: string;
  password: string;
}

/**
 * The server's configuration file. `sync_interval: always` because an acknowledged fact has to survive the machine, and
 * 1 MB because that is the message size every service requires at its start.
 */
export function renderNatsConfig(config: NatsConfig): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `server_name: nalabo
listen: ${quoted(`127.0.0.1:${config.port}`)}
max_payload: 1MB
authorization {
  user: ${quoted(config.user)}
  password: ${quoted(config.password)}
}
jetstream {
  store_dir: ${quoted(config.storeDirectory)}
  sync_interval: always
}
`;
}
