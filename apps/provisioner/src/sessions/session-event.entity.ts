import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The history of a session. The sequence is the session's own and has no gaps. */
@Entity('session_events')
export class SessionEventEntity {
  @PrimaryColumn('text', { name: 'session_id' }) sessionId!: string;
  @PrimaryColumn('int') sequence!: number;
  @Column('text') type!: string;
  @Column('jsonb') data!: unknown;
  @Column('timestamptz') at!: Date;
}
