import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one session used at one moment. A figure that could not be had is null. */
@Entity({ name: 'usage_samples' })
export class UsageSampleEntity {
  @PrimaryColumn('text', { name: 'session_id' })
  sessionId!: string;

  @PrimaryColumn('timestamptz')
  at!: Date;

  @Column('double precision', { name: 'cpu_millicores', nullable: true })
  cpuMillicores!: number | null;

  @Column('double precision', { name: 'cpu_seconds_total', nullable: true })
  cpuSecondsTotal!: number | null;

  @Column('double precision', { name: 'memory_bytes', nullable: true })
  memoryBytes!: number | null;

  @Column('double precision', { name: 'network_received_bytes', nullable: true })
  networkReceivedBytes!: number | null;

  @Column('double precision', { name: 'network_sent_bytes', nullable: true })
  networkSentBytes!: number | null;

  @Column('integer', { nullable: true })
  processes!: number | null;
}
