import { expect, it } from 'vitest';
import { renderNatsConfig } from './nats-config.js';

it('the configuration listens on the loopback interface only, asks for a password and syncs every write', () => {
  const config = renderNatsConfig({ port: 4222, storeDirectory: '/data/a "b"', user: 'nalabo', password: 's3cret' });
  expect(config).toContain('listen: "127.0.0.1:4222"');
  expect(config).toContain('password: "s3cret"');
  expect(config).toContain('store_dir: "/data/a \\"b\\""');
  expect(config).toContain('sync_interval: always');
  expect(config).toContain('max_payload: 1MB');
});
