import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { activeTelemetry } from '../active-telemetry.js';
import { Readiness } from './readiness.js';

@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process is up and its event loop turns. */
  @Get('health/live')
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const report = await this.readiness.report();
    await reply.status(report.ready ? 200 : 503).send(report);
  }

  /** Prometheus text; 503 when the process was started without telemetry. */
  @Get('metrics')
  async metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const telemetry = activeTelemetry();
    if (!telemetry) {
      await reply.status(503).type('text/plain').send('# telemetry is not loaded\n');
      return;
    }
    reply.hijack();
    telemetry.exporter.getMetricsRequestHandler(request.raw, reply.raw);
  }
}
