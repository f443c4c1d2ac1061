import { facts, type Envelope, type PayloadOf } from '@nalabo/contracts';
import { HandleFact } from '@nalabo/messaging';
import { afterCommit, Inbox, Transaction } from '@nalabo/persistence';
import { Controller } from '@nestjs/common';
import { ExpiryLoop } from '../expiry/expiry-loop.js';
import { RereadLoop } from '../reread/reread-loop.js';
import { sessionOf } from '../session-of.js';
import { DeadlineStore } from './deadline.store.js';

type Requested = PayloadOf<typeof facts.sessionRequested>;
type Extended = PayloadOf<typeof facts.sessionExtended>;

/** Learns deadlines from the provisioner's facts, in whatever order they come. */
@Controller()
export class DeadlineFactsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly inbox: Inbox,
    private readonly deadlines: DeadlineStore,
    private readonly expiry: ExpiryLoop,
    private readonly reread: RereadLoop,
  ) {}

  @HandleFact(facts.sessionRequested)
  async sessionRequested({ ownerId, target, expiresAt, expiryVersion }: Requested, envelope: Envelope): Promise<void> {
    const sessionId = sessionOf(envelope);
    const state = 'REQUESTED';
    await this.transaction.run((manager) =>
      this.inbox.once(manager, envelope.id, async () => {
        const deadline = { sessionId, ownerId, target, state, expiresAt: new Date(expiresAt), expiryVersion } as const;
        await this.deadlines.learn(manager, [deadline]);
        afterCommit(manager, () => this.expiry.wake());
      }),
    );
  }

  @HandleFact(facts.sessionExtended)
  async sessionExtended({ expiresAt, expiryVersion }: Extended, envelope: Envelope): Promise<void> {
    const sessionId = sessionOf(envelope);
    await this.transaction.run((manager) =>
      this.inbox.once(manager, envelope.id, async () => {
        const expiry = { expiresAt: new Date(expiresAt), expiryVersion };
        const isKnown = await this.deadlines.extend(manager, sessionId, expiry);
        // The fact of its creation is late or lost; the owner and the target are only to be had by reading again.
        afterCommit(manager, () => (isKnown ? this.expiry : this.reread).wake());
      }),
    );
  }
}
