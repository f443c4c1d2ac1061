import {
  type Actor,
  type RequestOf,
  rpcs,
  type ServiceLogFrame,
  serviceLogFrameSchema,
  outputSubject,
} from '@nalabo/contracts';
import { sessionObjectName } from '@nalabo/infrastructure-port';
import { newId, type SessionId } from '@nalabo/kernel';
import { LiveFeed, RpcClient } from '@nalabo/messaging';
import { type ExecutorRig, learner } from '../executor-rig.cases.js';

const { openLog, keepLog, closeLog } = rpcs.executor;

/** A gateway that reads one log, as far as its executor sees it. */
export class LogClient {
  readonly readerId = newId();
  readonly frames: ServiceLogFrame[] = [];
  instance = '';

  private constructor(
    private readonly rpc: RpcClient,
    private readonly actor: Actor,
  ) {}

  static async open(
    { executor }: Pick<ExecutorRig, 'executor'>,
    sessionId: string,
    request: Partial<RequestOf<typeof openLog>> = {},
    { actor = learner, instance }: { readonly actor?: Actor; readonly instance?: string } = {},
  ): Promise<LogClient> {
    const client = new LogClient(executor.get(RpcClient), actor);
    const parse = (data: unknown): ServiceLogFrame => serviceLogFrameSchema.parse(data);
    const { readerId } = client;
    const subject = outputSubject(readerId);
    await executor.get(LiveFeed).subscribe(subject, parse, (frame) => client.frames.push(frame)).ready;
    const order = { sessionId, readerId, service: 'web', tail: 100, follow: true, ...request };
    ({ instance: client.instance } = await client.rpc.request(openLog, order, client.context(instance)));
    return client;
  }

  get text(): string {
    const pieces = this.frames.flatMap((frame) => (frame.kind === 'output' ? [Buffer.from(frame.data, 'base64')] : []));
    return Buffer.concat(pieces).toString();
  }

  get end(): string | undefined {
    const last = this.frames.at(-1);
    return last?.kind === 'ended' ? last.end : undefined;
  }

  keep(taken = 0): Promise<object> {
    return this.rpc.request(keepLog, { readerId: this.readerId, taken }, this.context(this.instance));
  }

  close(): Promise<object> {
    return this.rpc.request(closeLog, { readerId: this.readerId }, this.context(this.instance));
  }

  private context(instance?: string) {
    return { actor: this.actor, correlationId: newId(), ...(instance === undefined ? {} : { instance }) };
  }
}

/** What a service of a session on the memory target writes. */
export function write({ target }: Pick<ExecutorRig, 'target'>, sessionId: SessionId, text: string, service = 'web') {
  target.backend.logs.write(sessionObjectName(sessionId, `s-${service}`), text);
}

/** A session on the memory target with a service beside its workbench. */
export async function aSessionWithService(rig: ExecutorRig, service = 'web'): Promise<SessionId> {
  const sessionId = await rig.aSession();
  const { backend } = rig.target;
  const workbench = backend.object('container', sessionObjectName(sessionId));
  const labels = { ...workbench?.labels, 'io.nalabo.part': `service/${service}` };
  backend.addObject({ kind: 'container', name: sessionObjectName(sessionId, `s-${service}`), labels });
  return sessionId;
}
