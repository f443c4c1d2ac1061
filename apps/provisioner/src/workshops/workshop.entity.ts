import type { Actor, WorkshopContent } from '@nalabo/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The key that a change came with, and whose it is. */
export type Changer = Pick<Actor, 'keyId' | 'ownerId'>;

/** One revision of a workshop. Revisions are kept: a session names the one that it was created from. */
@Entity('workshops')
export class WorkshopEntity {
  @PrimaryColumn('text') id!: string;
  @PrimaryColumn('int') revision!: number;
  @Column('text') digest!: string;
  @Column('jsonb') content!: WorkshopContent;
  /** Whether it came from the folder of workshops or through the API. */
  @Column('text') source!: 'shipped' | 'api';
  /** Null for a shipped one, and for what was changed before this was kept. */
  @Column('jsonb', { name: 'changed_by', nullable: true }) changedBy!: Changer | null;
  /** Of the newest revision: since when the workshop is not offered any more. */
  @Column('timestamptz', { name: 'withdrawn_at', nullable: true }) withdrawnAt!: Date | null;
  @Column('jsonb', { name: 'withdrawn_by', nullable: true }) withdrawnBy!: Changer | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
