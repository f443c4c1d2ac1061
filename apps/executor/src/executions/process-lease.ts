import { newId } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';

/** SQL of how long a lease is: long enough for two renewals to fail, short enough that a dead process is noticed soon. */
export const leaseInterval = '15 seconds';

const renewSql = `
  UPDATE executions SET lease_until = clock_timestamp() + interval '${leaseInterval}'
  WHERE state = 'running' AND lease_token = $1 AND execution_id = ANY ($2::uuid[])`;

/**
 * This process's claim on the commands it runs. A command lives in one process and nowhere else, so all its rows share
 * one token, new with every start, and one statement renews all that really run here. A row of this token that nobody
 * holds was committed by a start whose acknowledgement was lost: its lease ends like that of a dead process.
 */
@Injectable()
export class ProcessLease {
  readonly token = newId();

  private readonly held = new Set<string>();

  constructor(private readonly transaction: Transaction) {}

  /** The executions that this process really runs. */
  get heldIds(): readonly string[] {
    return [...this.held];
  }

  /** Holds the execution for as long as the work takes. */
  async holdDuring<T>(executionId: string, work: () => Promise<T>): Promise<T> {
    this.held.add(executionId);
    try {
      return await work();
    } finally {
      this.held.delete(executionId);
    }
  }

  async renew(): Promise<void> {
    await this.transaction.run((manager) => manager.query(renewSql, [this.token, this.heldIds]));
  }
}
