import type { EndReason, InfrastructureObject, RemovedObject } from '@nalabo/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One session that has ended: what was removed, and what the monitor still saw. */
@Entity('receipts')
export class ReceiptEntity {
  @PrimaryColumn('text', { name: 'session_id' })
  sessionId!: string;

  @Column('text', { name: 'owner_id' })
  ownerId!: string;

  @Column('text')
  target!: string;

  @Column('text')
  reason!: EndReason;

  @Column('timestamptz', { name: 'ended_at' })
  endedAt!: Date;

  @Column('jsonb')
  removed!: RemovedObject[];

  /** The monitor's last look; null before the first. */
  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  left!: InfrastructureObject[] | null;

  @Column('boolean')
  clean!: boolean;

  /** Looks so far that did not prove the session gone. */
  @Column('integer')
  attempts!: number;

  /** Null when the receipt is clean and final. */
  @Column('timestamptz', { name: 'next_verification_at', nullable: true })
  nextVerificationAt!: Date | null;
}
