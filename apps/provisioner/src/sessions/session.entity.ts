import type {
  EndReason,
  Endpoint,
  InfrastructureObject,
  Isolation,
  Limits,
  ProgressStep,
  RemovedObject,
  Resources,
  SessionState,
  StorageReport,
  TargetKind,
} from '@nalabo/contracts';
import type { AppliedModel } from '@nalabo/infrastructure-port';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The row of a session: shape only. Intent columns are written by handlers, the others by the holder of the lease. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('text') id!: string;
  @Column('text', { name: 'owner_id' }) ownerId!: string;
  @Column('text', { name: 'key_id' }) keyId!: string;
  @Column('text', { name: 'correlation_id' }) correlationId!: string;
  @Column('text', { name: 'workshop_id' }) workshopId!: string;
  @Column('int', { name: 'workshop_revision' }) workshopRevision!: number;
  @Column('text') target!: string;
  @Column('text', { name: 'target_kind' }) targetKind!: TargetKind;
  @Column('int') generation!: number;
  @Column('jsonb') resources!: Resources;
  @Column('jsonb') limits!: Limits;
  @Column('jsonb') environment!: Record<string, string>;
  /** Free again once the session is TERMINATED. */
  @Column('int', { name: 'subnet_index', nullable: true }) subnetIndex!: number | null;

  @Column('text', { nullable: true }) isolation!: Isolation | null;

  /** What was applied, and is restored with the session. */
  @Column('jsonb', { nullable: true }) applied!: AppliedModel | null;
  /** The apply that it is of. */
  @Column('uuid', { name: 'applied_by', nullable: true }) appliedBy!: string | null;
  /** What may have left the session with something else: an apply, or the creation of a session until all is brought. */
  @Column('uuid', { name: 'unsettled_by', nullable: true }) unsettledBy!: string | null;

  @Column('text') desired!: 'present' | 'absent';
  @Column('text', { nullable: true }) reason!: EndReason | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('int', { name: 'expiry_version' }) expiryVersion!: number;
  @Column('timestamptz', { name: 'ends_by' }) endsBy!: Date;
  /** Raised by every change of intent, so that a pass in progress notices that it must look again. */
  @Column('int', { name: 'intent_version' }) intentVersion!: number;

  @Column('text') state!: SessionState;
  @Column('timestamptz', { name: 'state_deadline_at', nullable: true }) stateDeadlineAt!: Date | null;
  @Column('int') attempt!: number;
  @Column('int') restarts!: number;
  @Column('timestamptz', { name: 'retry_at', nullable: true }) retryAt!: Date | null;
  @Column('text', { name: 'last_error', nullable: true }) lastError!: string | null;
  @Column('jsonb') progress!: ProgressStep[];
  @Column('jsonb', { nullable: true }) storage!: StorageReport | null;
  @Column('jsonb') endpoints!: Endpoint[];
  /** Everything that was ever seen of the session on its target: what must be gone at the end. */
  @Column('jsonb') objects!: InfrastructureObject[];
  @Column('jsonb') removed!: RemovedObject[];
  @Column('int', { name: 'last_sequence' }) lastSequence!: number;

  @Column('timestamptz', { name: 'next_look_at' }) nextLookAt!: Date;
  @Column('text', { name: 'lease_holder', nullable: true }) leaseHolder!: string | null;
  @Column('text', { name: 'lease_token', nullable: true }) leaseToken!: string | null;
  @Column('timestamptz', { name: 'lease_until', nullable: true }) leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'ready_at', nullable: true }) readyAt!: Date | null;
  @Column('timestamptz', { name: 'terminated_at', nullable: true }) terminatedAt!: Date | null;
}
