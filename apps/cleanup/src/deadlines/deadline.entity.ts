import type { SessionState } from '@nalabo/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One session that is alive. The row goes when the session has a receipt. */
@Entity('deadlines')
export class DeadlineEntity {
  @PrimaryColumn('text', { name: 'session_id' })
  sessionId!: string;

  @Column('text', { name: 'owner_id' })
  ownerId!: string;

  @Column('text')
  target!: string;

  @Column('text')
  state!: SessionState;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('integer', { name: 'expiry_version' })
  expiryVersion!: number;

  /** Tries to end the session at this expiry that came to nothing. */
  @Column('integer')
  attempts!: number;

  /** The expiry, or later after a failure; null when the session is being ended already. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;
}
