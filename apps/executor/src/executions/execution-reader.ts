import type { ExecutionView, Outcome } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, LessThan } from 'typeorm';
import { ExecutionEntity } from './execution.entity.js';
import { positionAfter } from './position-after.js';
import { type ExecutionSummary, summaryOf } from './execution-view.js';

export interface PageRequest {
  readonly sessionId: string;
  readonly cursor: string | null;
  readonly limit: number;
  /** Null for any. */
  readonly state: ExecutionView['state'] | null;
  readonly outcome: Outcome | null;
}

/** Output may be half a megabyte per row, and a list shows none of it. */
const withoutOutput = {
  executionId: true,
  position: true,
  sessionId: true,
  command: true,
  state: true,
  outcome: true,
  exitCode: true,
  stdoutTruncated: true,
  stderrTruncated: true,
  startFailed: true,
  path: true,
  leftProcesses: true,
  startedAt: true,
  durationMs: true,
} as const;

@Injectable()
export class ExecutionReader {
  constructor(private readonly transaction: Transaction) {}

  /** @throws AppError `not_found` when the session has no such execution, or no longer. */
  async get(sessionId: string, executionId: string): Promise<ExecutionEntity> {
    const row = await this.find(sessionId, executionId);
    if (!row) throw new AppError('not_found', `session ${sessionId} has no execution ${executionId}`);
    return row;
  }

  async find(sessionId: string, executionId: string): Promise<ExecutionEntity | null> {
    return this.transaction.run((manager) => manager.findOneBy(ExecutionEntity, { sessionId, executionId }));
  }

  /** Newest first. @throws AppError `invalid_input` for a cursor that no page gave. */
  async page(request: PageRequest): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
    const { limit } = request;
    // One more than asked for tells whether there is another page.
    const rows = await this.transaction.run((manager) =>
      manager.find(ExecutionEntity, {
        select: withoutOutput,
        where: whereOf(request),
        order: { position: 'DESC' },
        take: limit + 1,
      }),
    );
    const page = rows.slice(0, limit);
    return { items: page.map(summaryOf), nextCursor: rows.length > limit ? (page.at(-1)?.position ?? null) : null };
  }
}

function whereOf({ sessionId, cursor, state, outcome }: PageRequest): FindOptionsWhere<ExecutionEntity> {
  return {
    sessionId,
    position: LessThan(positionAfter(cursor)),
    ...(state === null ? {} : { state }),
    ...(outcome === null ? {} : { outcome }),
  };
}
