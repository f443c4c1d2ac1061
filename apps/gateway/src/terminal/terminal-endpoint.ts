import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { terminalLimits, terminalProtocol } from '@nalabo/contracts';
import { newId, systemClock, toAppError } from '@nalabo/kernel';
import { LiveFeed, RpcClient } from '@nalabo/messaging';
import { BackgroundLoop } from '@nalabo/persistence';
import { toProblem } from '@nalabo/service-host';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type WebSocket, WebSocketServer } from 'ws';
import { auditedKind } from '../audit/audit-entry.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { readUpgrade, type TerminalUpgrade } from './read-upgrade.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { TerminalConnection } from './terminal-connection.js';
import { type TerminalGrant, TerminalPassStore } from './terminal-pass.store.js';
import { TerminalSettings } from './terminal-settings.js';

const second = 1000;
const route = '/api/workshops/sessions/:id/terminal';

interface Admitted {
  readonly upgrade: TerminalUpgrade;
  readonly grant: TerminalGrant;
}

/** Takes WebSockets to terminals. Nothing else is asked before the pass was found to be good. */
@Injectable()
export class TerminalEndpoint implements BeforeApplicationShutdown {
  private readonly logger = new Logger('Terminals');
  private readonly connections = new Set<TerminalConnection>();
  private readonly acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: terminalLimits.inputBytes,
    // The pass, which the client offers as a protocol too, is never sent back.
    handleProtocols: () => terminalProtocol,
  });
  private readonly loops: readonly BackgroundLoop[];
  private isStopping = false;

  constructor(
    private readonly settings: TerminalSettings,
    private readonly passes: TerminalPassStore,
    private readonly audit: AuditTrail,
    private readonly rpc: RpcClient,
    private readonly live: LiveFeed,
  ) {
    this.loops = [
      this.loop('ping terminals', 20 * second, async () => this.connections.forEach((connection) => connection.ping())),
      this.loop('look for revoked keys', 2 * second, () => this.closeRevoked()),
    ];
  }

  attach(server: Server): void {
    // Some clients offer HTTP/2 with every request; as long as nobody takes that up they go on as usual.
    const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean =>
      headers.upgrade?.toLowerCase() === 'websocket';
    Object.assign(server, { shouldUpgradeCallback });
    server.on('upgrade', (request, socket, head) => void this.accept(request, socket, head));
    this.loops.forEach((loop) => loop.start());
  }

  /** Before the server waits for its connections to end. Their clients come back to another replica. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.loops.map((loop) => loop.stop()));
    for (const connection of this.connections) connection.close('restarting');
  }

  private async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const correlationId = newId();
    // Until the WebSocket has taken it over, nobody else listens.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    try {
      const admitted = await this.admit(request);
      this.record(101, correlationId, admitted.grant);
      socket.off('error', ignore);
      this.acceptor.handleUpgrade(request, socket, head, (client) => void this.serve(client, admitted, correlationId));
    } catch (thrown) {
      const answer = toProblem(thrown, correlationId);
      this.record(answer.status, correlationId);
      if (answer.problem.kind === 'internal') this.logger.error({ err: toAppError(thrown), route });
      await refuseUpgrade(socket, answer);
    }
  }

  private async admit(request: IncomingMessage): Promise<Admitted> {
    const upgrade = readUpgrade(request, this.settings.origins);
    return { upgrade, grant: await this.passes.use(upgrade.pass, upgrade.sessionId) };
  }

  private async serve(client: WebSocket, { upgrade, grant }: Admitted, correlationId: string): Promise<void> {
    const { rpc, live } = this;
    const resumeToken = async (terminalId: string): Promise<string> => {
      if (upgrade.pass.kind === 'resume') return upgrade.pass.text;
      return (await this.passes.issue('resume', { ...grant, terminalId })).text;
    };
    const connection = new TerminalConnection(client, { rpc, live, grant, upgrade, correlationId, resumeToken });
    this.connections.add(connection);
    if (this.isStopping) connection.close('restarting');
    await connection.run();
    this.connections.delete(connection);
  }

  private async closeRevoked(): Promise<void> {
    const connections = [...this.connections];
    if (connections.length === 0) return;
    const keyIds = new Set(connections.map(({ actor }) => actor.keyId));
    const revoked = await this.passes.revokedKeys([...keyIds]);
    for (const connection of connections) {
      if (revoked.has(connection.actor.keyId)) connection.close('revoked');
    }
  }

  private record(status: number, correlationId: string, grant?: TerminalGrant): void {
    const { keyId = null, ownerId = null } = grant?.actor ?? {};
    const kind = auditedKind(status);
    this.audit.record({
      id: newId(),
      at: systemClock.now(),
      keyId,
      ownerId,
      method: 'GET',
      route,
      status,
      kind,
      correlationId,
    });
  }

  private loop(purpose: string, intervalMilliseconds: number, pass: () => Promise<void>): BackgroundLoop {
    return new BackgroundLoop({
      pass: async () => {
        await pass();
        return false;
      },
      intervalMilliseconds,
      backoff: { firstMilliseconds: second, factor: 2, maximumMilliseconds: 5 * second },
      onFailure: (error, failures) => {
        if (failures === 1) this.logger.warn(`cannot ${purpose}: ${toAppError(error).message}`);
      },
    });
  }
}
