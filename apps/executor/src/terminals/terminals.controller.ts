import { type Envelope, type ReplyOf, type RequestOf, rpcs } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc, RpcClient } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { type ResolvedSession, refuseByState } from '../access/state-gate.js';
import { TerminalHost } from './terminal-host.js';
import type { TerminalSession } from './terminal-session.js';
import { type KnownTerminal, TerminalStore } from './terminal.store.js';

const { attachTerminal, turnTerminal, detachTerminal, listTerminals, endTerminal } = rpcs.executor;

@Controller()
export class TerminalsController {
  constructor(
    private readonly access: SessionAccess,
    private readonly host: TerminalHost,
    private readonly store: TerminalStore,
    private readonly rpc: RpcClient,
  ) {}

  @HandleRpc(attachTerminal)
  async attach(request: RequestOf<typeof attachTerminal>, envelope: Envelope): Promise<ReplyOf<typeof attachTerminal>> {
    const session = await this.requireUsable(request.sessionId, envelope);
    requireRole(request, envelope);
    const { instance } = this.store;
    if (request.terminalId === null) return { instance, ...(await this.host.open(session, request, envelope)) };
    const known = await this.store.find(request.sessionId, request.terminalId);
    if (known.view.end !== null) throw over(known.view.end);
    if (known.instance !== instance) return this.rpc.request(attachTerminal, request, onward(known, envelope));
    const { terminalId } = known.view;
    return { terminalId, instance, ...this.require(terminalId, 'gone').attach(request) };
  }

  @HandleRpc(turnTerminal)
  async turn(request: RequestOf<typeof turnTerminal>): Promise<ReplyOf<typeof turnTerminal>> {
    return this.require(request.terminalId, 'not_found').turn(request);
  }

  @HandleRpc(detachTerminal)
  async detach(request: RequestOf<typeof detachTerminal>): Promise<ReplyOf<typeof detachTerminal>> {
    this.host.find(request.terminalId)?.detach(request.attachmentId);
    return {};
  }

  @HandleRpc(listTerminals)
  async list(
    { sessionId }: RequestOf<typeof listTerminals>,
    envelope: Envelope,
  ): Promise<ReplyOf<typeof listTerminals>> {
    await this.requireUsable(sessionId, envelope);
    return { items: await this.store.list(sessionId) };
  }

  @HandleRpc(endTerminal)
  async end(request: RequestOf<typeof endTerminal>, envelope: Envelope): Promise<ReplyOf<typeof endTerminal>> {
    const { sessionId, terminalId } = request;
    await this.access.require('use', sessionId, envelope);
    const known = await this.store.find(sessionId, terminalId);
    if (known.view.end !== null) return known.view;
    if (known.instance !== this.store.instance) return this.rpc.request(endTerminal, request, onward(known, envelope));
    await this.host.end(terminalId, 'closed');
    return (await this.store.find(sessionId, terminalId)).view;
  }

  private async requireUsable(sessionId: string, envelope: Envelope): Promise<ResolvedSession> {
    const session = await this.access.require('use', sessionId, envelope);
    const refusal = refuseByState(session);
    if (refusal) throw refusal;
    return session;
  }

  private require(terminalId: string, kind: 'gone' | 'not_found'): TerminalSession {
    const session = this.host.find(terminalId);
    if (session) return session;
    throw new AppError(kind, `terminal ${terminalId} has ended`, { publicMessage: 'The terminal has ended.' });
  }
}

/** To the executor that has the terminal. */
function onward({ instance, view }: KnownTerminal, { actor, correlationId, id }: Envelope) {
  return { actor, correlationId, causationId: id, sessionId: view.sessionId, instance };
}

function requireRole({ mode, terminalId }: RequestOf<typeof attachTerminal>, { actor }: Envelope): void {
  if (mode === 'own') return;
  if (actor.role === 'learner') throw new AppError('forbidden', 'Watching needs the role instructor or admin.');
  if (terminalId === null) throw new AppError('invalid_input', 'only an open terminal can be watched');
}

function over(end: string): AppError {
  return new AppError('gone', `the terminal has ended: ${end}`, { publicMessage: 'The terminal has ended.' });
}
