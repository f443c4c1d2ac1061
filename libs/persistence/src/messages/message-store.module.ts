import { Global, Module } from '@nestjs/common';
import { Inbox } from './inbox.js';
import { MessagePruning } from './message-pruning.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

/** Outbox and inbox of a service. Needs `PersistenceModule` and `MessagingModule`. */
@Global()
@Module({
  providers: [Outbox, OutboxRelay, Inbox, MessagePruning],
  exports: [Outbox, Inbox],
})
export class MessageStoreModule {}
