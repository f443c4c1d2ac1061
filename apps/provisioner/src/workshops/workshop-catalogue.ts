import type { CheckDefinition, WorkshopView } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { databaseNow, lockUntilCommit, Transaction } from '@nalabo/persistence';
import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { fitPage } from './fit-page.js';
import { judgeCompose } from './judge-compose.js';
import { toWorkshopView, workshopIdPattern, type WorkshopFile } from './workshop-file.js';
import { WorkshopEntity } from './workshop.entity.js';

export type CataloguedWorkshop = Pick<WorkshopEntity, 'content' | 'revision'>;

/** Of JSON, well within a message. */
const pageBytes = 512 * 1024;

/** The workshops that sessions are created from, each in its newest revision. */
@Injectable()
export class WorkshopCatalogue {
  constructor(private readonly transaction: Transaction) {}

  find(workshopId: string): Promise<CataloguedWorkshop | null> {
    return this.transaction.run((manager) => newest(manager, workshopId));
  }

  /** @throws AppError `not_found` */
  async get(workshopId: string): Promise<WorkshopView> {
    const workshop = await this.find(workshopId);
    if (!workshop) throw new AppError('not_found', `workshop ${workshopId} does not exist`);
    return toWorkshopView(workshop.content, workshop.revision);
  }

  /** Of the revision that a session was created from. @throws AppError `not_found` */
  async checks(id: string, revision: number): Promise<CheckDefinition[]> {
    const workshop = await this.transaction.run((manager) => manager.findOneBy(WorkshopEntity, { id, revision }));
    if (!workshop) throw new AppError('not_found', `workshop ${id} has no revision ${revision}`);
    return workshop.content.checks;
  }

  /** A page holds no more than fits into a message. @throws AppError `invalid_input` when the cursor is no workshop's id. */
  async list(cursor: string | null, limit: number): Promise<{ items: WorkshopView[]; nextCursor: string | null }> {
    if (cursor !== null && !workshopIdPattern.test(cursor)) {
      throw new AppError('invalid_input', 'the cursor was not made by this list', { details: { field: 'cursor' } });
    }
    return this.transaction.run(async (manager) => {
      const rows = await manager
        .createQueryBuilder(WorkshopEntity, 'w')
        .distinctOn(['w.id'])
        .where('w.id > :cursor', { cursor: cursor ?? '' })
        .orderBy('w.id', 'ASC')
        .addOrderBy('w.revision', 'DESC')
        .limit(limit + 1)
        .getMany();
      const views = rows.slice(0, limit).map((row) => toWorkshopView(row.content, row.revision));
      const items = fitPage(views, pageBytes);
      return { items, nextCursor: rows.length > items.length ? (items.at(-1)?.id ?? null) : null };
    });
  }

  /**
   * Stores a workshop as a new revision when its content has changed; several replicas may do so at once.
   * @throws AppError `unprocessable` when what it ships breaks a rule.
   */
  async publish(workshop: WorkshopFile): Promise<void> {
    judgeCompose(workshop);
    const digest = createHash('sha256').update(JSON.stringify(workshop)).digest('hex');
    await this.transaction.run(async (manager) => {
      await lockUntilCommit(manager, `provisioner.workshop ${workshop.id}`);
      const current = await newest(manager, workshop.id);
      if (current?.digest === digest) return;
      const revision = (current?.revision ?? 0) + 1;
      const createdAt = await databaseNow(manager);
      await manager.insert(WorkshopEntity, { id: workshop.id, revision, digest, content: workshop, createdAt });
    });
  }
}

function newest(manager: EntityManager, id: string): Promise<WorkshopEntity | null> {
  return manager.findOne(WorkshopEntity, { where: { id }, order: { revision: 'DESC' } });
}
