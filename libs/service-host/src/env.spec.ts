import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { isTraceEndpointSet, loadConfig, serviceConfigSchema } from './env.js';

const complete = { DATABASE_URL: 'postgres://u:p@h/d', NATS_URL: 'nats://h', HEALTH_PORT: '4001' };

afterEach(() => vi.restoreAllMocks());

describe('the configuration', () => {
  it('has defaults, numbers for numbers, and cannot be changed', () => {
    const config = loadConfig(serviceConfigSchema, complete);
    expect(config).toMatchObject({ HEALTH_PORT: 4001, HEALTH_HOST: '127.0.0.1', NALABO_INSTANCE: 'local' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('ends the process after naming every fault and no value', () => {
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    const schema = serviceConfigSchema.extend({ PIN: z.string().regex(/^\d+$/) });
    const environment = { ...complete, HEALTH_PORT: 'many-secret', LOG_LEVEL: 'loud-secret', PIN: 'a-secret' };
    expect(() => loadConfig(schema, environment)).toThrow('exit 78');
    expect(written.map((line) => line.split(':')[1])).toEqual([' HEALTH_PORT', ' LOG_LEVEL', ' PIN']);
    expect(written.join()).not.toContain('secret');
  });

  it('traces only where an endpoint is named', () => {
    expect(isTraceEndpointSet({})).toBe(false);
    expect(isTraceEndpointSet({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' })).toBe(true);
  });
});
