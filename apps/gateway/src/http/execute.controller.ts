import {
  commandWaits,
  type ExecuteCommand,
  executeCommandSchema,
  type ExecutionView,
  type OutputFrame,
  rpcs,
  sessionIdSchema,
} from '@nalabo/contracts';
import { AppError, type ErrorKind, newExecutionId, toAppError } from '@nalabo/kernel';
import { RpcClient } from '@nalabo/messaging';
import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Caller, FromCaller } from '../edge/caller.js';
import { ApiAccepted, ApiAnswers } from './api-documentation.js';
import { closeSignal } from './close-signal.js';
import { acceptsEventStream } from './execution-stream/accepts-event-stream.js';
import { eventStream } from './execution-stream/event-stream.js';
import { ExecutionStreams } from './execution-stream/execution-streams.js';
import { type Lagged, toEvents } from './execution-stream/frame-event.js';
import {
  type CommandOrder,
  type ExecuteResult,
  executeResultSchema,
  executionTextSchema,
  toCommandOrder,
  toExecuteResult,
  toExecutionText,
} from './execution-text.js';
import { readIdempotency } from './idempotency.js';
import { preferredWaitSeconds, prefersAsync } from './prefer.js';

const { runCommand, getExecution } = rpcs.executor;

interface Execute {
  readonly order: CommandOrder;
  readonly encoding: ExecuteCommand['encoding'];
  readonly caller: Caller;
  readonly reply: FastifyReply;
}

const executeDescription =
  'The command has ended, whatever its end. As `text/event-stream` the command has started: the events `started`, ' +
  '`stdout` and `stderr` ({text} or {base64}), `truncated` ({stream}) and `finished` have numbers as ids; `lagged` ' +
  '({after}) tells a client that reads too slowly to join the stream of the execution behind that id. The command goes ' +
  'on when the client leaves.';

@ApiTags('executions')
@Controller('api/workshops/sessions/:id')
export class ExecuteController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly streams: ExecutionStreams,
  ) {}

  @Post('execute')
  @HttpCode(200)
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      'respond-async: answer when the command is accepted; with wait=N when it has ended, or after N seconds',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'the same key and body run one command' })
  @ApiAnswers({
    status: 200,
    description: executeDescription,
    schema: executeResultSchema,
    mediaType: 'text/event-stream',
    problems: ['invalid_input', 'forbidden', 'not_found', 'conflict', 'gone', 'unprocessable', 'timeout'],
  })
  @ApiAccepted('The command runs on, as asked by `Prefer`; Location names the execution.', executionTextSchema)
  async execute(
    @Param('id', { schema: sessionIdSchema }) sessionId: string,
    @Body({ schema: executeCommandSchema }) body: ExecuteCommand,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExecuteResult | ExecutionView | AsyncGenerator<string>> {
    const { headers } = reply.request;
    const executionId = newExecutionId();
    const idempotency = readIdempotency(headers['idempotency-key']?.toString(), { sessionId, ...body });
    const order = toCommandOrder({ sessionId, executionId, idempotency }, body);
    const execute = { order, encoding: body.encoding, caller, reply };
    try {
      if (acceptsEventStream(headers.accept)) return await this.stream(execute);
      if (prefersAsync(headers['prefer'])) return await this.accept(execute);
      return await this.run(execute);
    } catch (thrown) {
      throw nameExecution(thrown, executionId);
    }
  }

  private async run({ order, encoding, caller }: Execute): Promise<ExecuteResult> {
    const { sessionId } = order;
    const context = { ...caller, sessionId, timeoutMs: order.timeoutMs + commandWaits.replyMarginMs };
    return toExecuteResult(
      await this.rpc.request(runCommand, { ...order, wait: true, live: false }, context),
      encoding,
    );
  }

  private async stream({ order, encoding, caller, reply }: Execute): Promise<AsyncGenerator<string>> {
    const { view, frames } = await this.streams.start(order, { caller, signal: closeSignal(reply) });
    return eventStream(reply, toEvents(frames, view.executionId, encoding), this.streams.stopSignal);
  }

  private async accept({ order, encoding, caller, reply }: Execute): Promise<ExecuteResult | ExecutionView> {
    const seconds = preferredWaitSeconds(reply.request.headers['prefer']);
    void reply.header('preference-applied', `respond-async${seconds === undefined ? '' : `, wait=${seconds}`}`);
    const context = { ...caller, sessionId: order.sessionId };
    const view =
      seconds === undefined
        ? await this.rpc.request(runCommand, { ...order, wait: false, live: false }, context)
        : await this.awaitEnd({ order, encoding, caller, reply }, seconds);
    if (view.state === 'finished') return toExecuteResult(view, encoding);
    const location = `/api/workshops/sessions/${view.sessionId}/executions/${view.executionId}`;
    void reply.status(202).header('location', location);
    return toExecutionText(view, encoding);
  }

  /** The execution as it is when it has ended or the wait is over. */
  private async awaitEnd({ order, caller, reply }: Execute, seconds: number): Promise<ExecutionView> {
    const signal = AbortSignal.any([closeSignal(reply), AbortSignal.timeout(seconds * 1000)]);
    const { view, frames } = await this.streams.start(order, { caller, signal });
    if (view.state === 'finished' || !(await hasEnd(frames))) return view;
    const { sessionId, executionId } = view;
    return this.rpc.request(getExecution, { sessionId, executionId }, { ...caller, sessionId });
  }
}

async function hasEnd(frames: AsyncGenerator<OutputFrame | Lagged>): Promise<boolean> {
  for await (const { kind } of frames) if (kind === 'finished') return true;
  return false;
}

/** Errors before which the command may have been started. */
const kindsAfterStart: ReadonlySet<ErrorKind> = new Set(['timeout', 'unavailable', 'internal']);

/** A client that got no answer can ask whether its command was started, instead of running it a second time. */
function nameExecution(thrown: unknown, executionId: string): AppError {
  const error = toAppError(thrown);
  if (!kindsAfterStart.has(error.kind)) return error;
  const publicMessage = `${error.publicMessage} Whether the command was started is told by execution ${executionId}.`;
  return new AppError(error.kind, error.message, { cause: error, publicMessage, details: error.details });
}
