import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { ApplyPlaces } from '../apply/apply-places.js';
import { Replica } from '../replica.js';
import { LogReadings } from './log-readings.js';

const { openLog, keepLog, closeLog } = rpcs.executor;

@Controller()
export class LogsController {
  constructor(
    private readonly places: ApplyPlaces,
    private readonly readings: LogReadings,
    private readonly replica: Replica,
  ) {}

  @HandleRpc(openLog)
  async open(request: RequestOf<typeof openLog>, envelope: Envelope): Promise<ReplyOf<typeof openLog>> {
    await this.readings.open(request, await this.places.require('apply', request.sessionId, envelope));
    return { instance: this.replica.name };
  }

  @HandleRpc(keepLog)
  async keep({ readerId, taken }: RequestOf<typeof keepLog>): Promise<ReplyOf<typeof keepLog>> {
    const reading = this.readings.find(readerId);
    if (!reading) throw new AppError('not_found', 'nothing is read for this reader');
    reading.keep(taken);
    return {};
  }

  @HandleRpc(closeLog)
  async close({ readerId }: RequestOf<typeof closeLog>): Promise<ReplyOf<typeof closeLog>> {
    this.readings.find(readerId)?.end('left');
    return {};
  }
}
