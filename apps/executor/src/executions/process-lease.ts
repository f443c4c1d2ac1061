import { newId } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';

/** SQL of a lease's end: long enough for two renewals to fail, short enough that a dead process is noticed soon. */
export const leaseEnd = `clock_timestamp() + interval '15 seconds'`;

/**
 * This process's claim on the commands it runs. A command lives in one process and nowhere else, so all its rows share
 * one token, new with every start, and one statement renews them all.
 */
@Injectable()
export class ProcessLease {
  readonly token = newId();

  constructor(private readonly transaction: Transaction) {}

  async renew(): Promise<void> {
    await this.transaction.run((manager) =>
      manager.query(`UPDATE executions SET lease_until = ${leaseEnd} WHERE state = 'running' AND lease_token = $1`, [
        this.token,
      ]),
    );
  }
}
