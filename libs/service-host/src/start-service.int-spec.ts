import { request as httpRequest } from 'node:http';
import { AppError } from '@nalabo/kernel';
import { Body, Controller, Get, Injectable, Logger, Module, Param, Post, Query } from '@nestjs/common';
import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ReadinessCheck, ReadinessState } from './health/readiness.js';
import { createLogger } from './logging/create-logger.js';
import { currentContext } from './request-context.js';
import { startService, type RunningService } from './start-service.js';

@Injectable()
class Weather implements ReadinessCheck {
  state: ReadinessState = { ready: true, reason: null };

  connectionState(): ReadinessState {
    return this.state;
  }
}

const ordered = z.strictObject({ dish: z.string().min(1), guests: z.object({ count: z.number().int().default(1) }) });
type Order = z.output<typeof ordered>;

@Controller('api/orders')
class OrdersController {
  static readonly slow = { arrived: 0, finish: Promise.withResolvers<void>() };
  private readonly logger = new Logger('Orders');

  @Post()
  create(@Body({ schema: ordered }) order: Order): object {
    this.logger.log('order taken');
    return { order, context: currentContext() };
  }

  @Get('slow')
  async slow(): Promise<object> {
    OrdersController.slow.arrived += 1;
    await OrdersController.slow.finish.promise;
    return { done: true };
  }

  @Get('broken')
  broken(): never {
    throw new TypeError('password=hunter2');
  }

  @Get('full')
  full(): never {
    throw new AppError('unavailable', 'the kitchen burns', {
      publicMessage: 'Closed.',
      details: { retryAfterSeconds: 3 },
    });
  }

  @Get(':id')
  get(
    @Param('id', { schema: z.string().regex(/^\d+$/) }) id: string,
    @Query({ schema: z.strictObject({}) }) query: object,
  ): object {
    return { id, query };
  }
}

@Module({ controllers: [OrdersController], providers: [Weather] })
class OrdersModule {}

describe('a running service', () => {
  let service: RunningService;
  const logged: Record<string, unknown>[] = [];

  async function start(): Promise<RunningService> {
    const config = { DATABASE_URL: 'x', NATS_URL: 'x', HEALTH_HOST: '127.0.0.1', HEALTH_PORT: 0 } as const;
    const settings = { service: 'gateway', instance: 'local', level: 'info' };
    const logger = createLogger(settings, {
      write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>),
    });
    return startService(
      {
        name: 'gateway',
        module: OrdersModule,
        config: { ...config, LOG_LEVEL: 'info', NALABO_INSTANCE: 'local' },
        readiness: { weather: Weather },
        http: { host: '127.0.0.1', port: 0, bodyLimitBytes: 1000 },
      },
      logger,
    );
  }

  beforeAll(async () => {
    await import('./telemetry.js');
    service = await start();
  });
  afterAll(() => service.stop());
  beforeEach(() => logged.splice(0));

  function ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${service.url}${path}`, init);
  }
  function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return ask('/api/orders', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  }
  async function expectProblem(response: Response, status: number, kind: string): Promise<Record<string, unknown>> {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, kind, correlationId: response.headers.get('x-correlation-id') });
    return problem;
  }

  it('is live, and ready as long as what it needs is there', async () => {
    expect((await ask('/health/live')).status).toBe(200);
    expect((await ask('/health/ready')).status).toBe(200);
    const weather = service.app.get(Weather, { strict: false });
    weather.state = { ready: false, reason: 'it rains' };
    const response = await ask('/health/ready');
    weather.state = { ready: true, reason: null };
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ready: false,
      stopping: false,
      checks: { weather: { ready: false, reason: 'it rains' } },
    });
  });

  it('validates, applies defaults, and knows the request wherever it works', async () => {
    const response = await post('{"dish":"soup","guests":{}}', { 'x-correlation-id': 'mine-1' });
    expect(await response.json()).toEqual({
      order: { dish: 'soup', guests: { count: 1 } },
      context: { correlationId: 'mine-1' },
    });
    expect(logged).toMatchObject([{ msg: 'order taken', correlationId: 'mine-1', service: 'gateway' }]);
  });

  it('replaces a correlation id that could forge a log line', async () => {
    const response = await ask('/health/live', { headers: { 'x-correlation-id': 'a b' } });
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names every field that is wrong or unknown', async () => {
    const problem = await expectProblem(
      await post('{"dish":"","guests":{"count":"two"},"privileged":true}'),
      400,
      'invalid_input',
    );
    expect(problem['violations']).toMatchObject([
      { field: 'dish' },
      { field: 'guests.count' },
      { field: 'privileged' },
    ]);
    await expectProblem(await ask('/api/orders/..%2fadmin'), 400, 'invalid_input');
    await expectProblem(await ask('/api/orders/7?free=yes'), 400, 'invalid_input');
  });

  it('answers what Fastify and Nest refuse in the same form', async () => {
    await expectProblem(await post('{"dish":'), 400, 'invalid_input');
    await expectProblem(await post(JSON.stringify({ dish: 'x'.repeat(2000) })), 413, 'invalid_input');
    await expectProblem(await post('dish=soup', { 'content-type': 'text/csv' }), 415, 'invalid_input');
    await expectProblem(await ask('/nowhere'), 404, 'not_found');
    await expectProblem(await post('', {}), 400, 'invalid_input');
    await expectProblem(await post('{"__proto__":{"x":1},"dish":"a"}'), 400, 'invalid_input');
  });

  it('tells nothing of a mistake of ours, but logs it once with its stack', async () => {
    const problem = await expectProblem(await ask('/api/orders/broken'), 500, 'internal');
    expect(problem['detail']).toBe('An internal error occurred.');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      level: 'error',
      route: '/api/orders/broken',
      correlationId: problem['correlationId'],
    });
    expect(JSON.stringify(logged[0])).toContain('start-service.int-spec.ts');
  });

  it('tells a client when to come again', async () => {
    const response = await ask('/api/orders/full');
    expect(response.headers.get('retry-after')).toBe('3');
    expect((await expectProblem(response, 503, 'unavailable'))['detail']).toBe('Closed.');
    expect(logged).toEqual([]);
  });

  it('measures requests by route', async () => {
    await ask('/api/orders/41');
    await eventually(async () => {
      const text = await (await ask('/metrics')).text();
      expect(text).toMatch(
        /http_server_duration\w*_count\{.*route="\/api\/orders\/:id".*method="GET".*status="200".*\} \d/,
      );
      expect(text).not.toContain('process_command');
    });
  });

  it('finishes what runs before it stops, and takes nothing new', async () => {
    const other = await start();
    const answered = new Promise<number>((resolve, reject) => {
      httpRequest(`${other.url}/api/orders/slow`, (response) => resolve(response.resume().statusCode ?? 0))
        .once('error', reject)
        .end();
    });
    await eventually(() => expect(OrdersController.slow.arrived).toBe(1));
    const stopped = other.stop();
    await eventually(() => expect(fetch(`${other.url}/health/live`)).rejects.toThrow());
    OrdersController.slow.finish.resolve();
    expect(await answered).toBe(200);
    await stopped;
  });
});
