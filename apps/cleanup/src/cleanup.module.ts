import { MessagingModule } from '@nalabo/messaging';
import { CreateMessageTables1700000000000, MessageStoreModule, PersistenceModule } from '@nalabo/persistence';
import { Module, type DynamicModule } from '@nestjs/common';
import { replicaName } from './replica-name.js';
import { DeadlineFactsController } from './deadlines/deadline-facts.controller.js';
import { DeadlineEntity } from './deadlines/deadline.entity.js';
import { DeadlineStore } from './deadlines/deadline.store.js';
import { ExpiryLoop } from './expiry/expiry-loop.js';
import { CreateDeadlinesAndReceipts1767225600000 } from './migrations/create-deadlines-and-receipts.js';
import { LeakGauge } from './receipts/leak-gauge.js';
import { ReceiptFactsController } from './receipts/receipt-facts.controller.js';
import { ReceiptController } from './receipts/receipt.controller.js';
import { ReceiptEntity } from './receipts/receipt.entity.js';
import { ReceiptStore } from './receipts/receipt.store.js';
import { VerificationLoop } from './receipts/verification-loop.js';
import { RereadLoop } from './reread/reread-loop.js';

export interface CleanupOptions {
  /** URL of the service's own database role. Carries the password: not for logs. */
  readonly databaseUrl: string;
  /** Carries user and password: not for logs. */
  readonly natsUrl: string;
  /** This process among the replicas of the service. */
  readonly replica: string;
}

@Module({})
export class CleanupModule {
  static forRoot({ databaseUrl, natsUrl, replica }: CleanupOptions): DynamicModule {
    return {
      module: CleanupModule,
      imports: [
        MessagingModule.forRoot({ url: natsUrl, service: 'cleanup', instance: replica }),
        PersistenceModule.forRoot({
          url: databaseUrl,
          schema: 'cleanup',
          entities: [DeadlineEntity, ReceiptEntity],
          migrations: [CreateMessageTables1700000000000, CreateDeadlinesAndReceipts1767225600000],
        }),
        MessageStoreModule,
      ],
      controllers: [DeadlineFactsController, ReceiptFactsController, ReceiptController],
      providers: [
        { provide: replicaName, useValue: replica },
        DeadlineStore,
        ReceiptStore,
        VerificationLoop,
        RereadLoop,
        ExpiryLoop,
        LeakGauge,
      ],
    };
  }
}
