import { type Envelope, facts } from '@nalabo/contracts';
import { TargetRegistry } from '@nalabo/infrastructure-port';
import { type SessionId, toAppError } from '@nalabo/kernel';
import { HandleFact } from '@nalabo/messaging';
import { Controller, Logger } from '@nestjs/common';
import { SessionAccess } from '../access/session-access.js';
import { refuseByState } from '../access/state-gate.js';
import { SessionShells } from './session-shells.js';

/** Opens the shell of learners' commands before the first of them comes. */
@Controller()
export class ShellsController {
  private readonly logger = new Logger('Shells');

  constructor(
    private readonly access: SessionAccess,
    private readonly targets: TargetRegistry,
    private readonly shells: SessionShells,
  ) {}

  /** Only an advance: a shell that is not there when a command comes is opened then. So nothing is tried twice. */
  @HandleFact(facts.sessionReady)
  async openAhead(_: unknown, envelope: Envelope): Promise<void> {
    if (envelope.sessionId === null) return;
    try {
      await this.open(envelope.sessionId as SessionId, envelope);
    } catch (error) {
      this.logger.debug(`no shell ahead for session ${envelope.sessionId}: ${toAppError(error).message}`);
    }
  }

  private async open(sessionId: SessionId, envelope: Envelope): Promise<void> {
    const session = await this.access.require('use', sessionId, envelope);
    if (refuseByState(session)) return;
    const ref = { sessionId, generation: session.generation };
    await this.shells.open({ target: this.targets.get(session.target), ref, role: 'learner' });
  }
}
