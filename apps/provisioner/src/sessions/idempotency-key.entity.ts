import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One used idempotency key of one owner, kept for a day. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @PrimaryColumn('text', { name: 'owner_id' }) ownerId!: string;
  @PrimaryColumn('text') key!: string;
  @Column('text') digest!: string;
  @Column('text', { name: 'session_id' }) sessionId!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
