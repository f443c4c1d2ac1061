import type { Actor, Command, ExecutionView, Outcome } from '@nalabo/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One command that was accepted. While it runs, the row carries the lease of the process that runs it. */
@Entity({ name: 'executions' })
export class ExecutionEntity {
  @PrimaryColumn('uuid', { name: 'execution_id' })
  executionId!: string;

  /** Grows with every row: the order of the list and its cursor. */
  @Column({ type: 'bigint', insert: false, update: false })
  position!: string;

  @Column('text', { name: 'session_id' })
  sessionId!: string;

  /** Whose limit of commands per minute it counts against. */
  @Column('text', { name: 'owner_id' })
  ownerId!: string;

  @Column('jsonb')
  actor!: Actor;

  @Column('text', { name: 'correlation_id' })
  correlationId!: string;

  @Column('jsonb')
  command!: Command;

  @Column('text')
  state!: ExecutionView['state'];

  @Column('text', { nullable: true })
  outcome!: Outcome | null;

  @Column('integer', { name: 'exit_code', nullable: true })
  exitCode!: number | null;

  @Column('bytea')
  stdout!: Buffer;

  @Column('bytea')
  stderr!: Buffer;

  @Column('boolean', { name: 'stdout_truncated' })
  stdoutTruncated!: boolean;

  @Column('boolean', { name: 'stderr_truncated' })
  stderrTruncated!: boolean;

  @Column('boolean', { name: 'start_failed' })
  startFailed!: boolean;

  /** Null until the command has ended. */
  @Column('text', { nullable: true })
  path!: ExecutionView['path'];

  @Column('boolean', { name: 'left_processes' })
  leftProcesses!: boolean;

  /** The process that runs it, or did; null in rows from before it was kept. */
  @Column('text', { nullable: true })
  instance!: string | null;

  /** The bytes of each piece of output in order, those of stderr negative; null when nobody knows what was printed. */
  @Column('integer', { array: true, nullable: true })
  frames!: number[] | null;

  @Column({ type: 'timestamptz', name: 'started_at', insert: false, update: false })
  startedAt!: Date;

  @Column('double precision', { name: 'duration_ms', nullable: true })
  durationMs!: number | null;
}
