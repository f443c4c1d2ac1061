import { type WorkshopContent, workshopIdSchema, type WorkshopView } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { afterCommit, databaseNow, lockUntilCommit, Transaction } from '@nalabo/persistence';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { contentDigest } from './content-digest.js';
import { fitPage } from './fit-page.js';
import { judgeBrought } from './judge-brought.js';
import { RecentValues } from './recent-values.js';
import { toWorkshopView } from './workshop-view.js';
import { type Changer, WorkshopEntity } from './workshop.entity.js';

export type CataloguedWorkshop = Pick<WorkshopEntity, 'content' | 'revision'>;

/** Of JSON, well within a message. */
const pageBytes = 512 * 1024;
/** Each is up to the size of a message. */
const keptRevisions = 16;

/** The workshops that sessions are created from, each in its newest revision. */
@Injectable()
export class WorkshopCatalogue {
  private readonly logger = new Logger(WorkshopCatalogue.name);
  /** Whoever waits for a session asks for its revision again and again, and it never changes. */
  private readonly revisions = new RecentValues<WorkshopContent>(keptRevisions);

  constructor(private readonly transaction: Transaction) {}

  /** Null when it is not offered. */
  async find(workshopId: string): Promise<CataloguedWorkshop | null> {
    const newest = await this.transaction.run((manager) => newestOf(manager, workshopId));
    return newest?.withdrawnAt === null ? newest : null;
  }

  /** @throws AppError `not_found` */
  async get(workshopId: string): Promise<WorkshopView> {
    const workshop = await this.find(workshopId);
    if (!workshop) throw unknownWorkshop(workshopId);
    return toWorkshopView(workshop.content, workshop.revision);
  }

  /** A revision that a session was created from. @throws AppError `not_found` */
  content(id: string, revision: number): Promise<WorkshopContent> {
    return this.revisions.of(`${id} ${revision}`, async () => {
      const workshop = await this.transaction.run((manager) => manager.findOneBy(WorkshopEntity, { id, revision }));
      if (!workshop) throw new AppError('not_found', `workshop ${id} has no revision ${revision}`);
      return workshop.content;
    });
  }

  /** A page holds no more than fits into a message. @throws AppError `invalid_input` when the cursor is no workshop's id. */
  async list(cursor: string | null, limit: number): Promise<{ items: WorkshopView[]; nextCursor: string | null }> {
    if (cursor !== null && !workshopIdSchema.safeParse(cursor).success) {
      throw new AppError('invalid_input', 'the cursor was not made by this list', { details: { field: 'cursor' } });
    }
    return this.transaction.run(async (manager) => {
      const rows = await manager
        .createQueryBuilder(WorkshopEntity, 'w')
        .where('w.id > :cursor and w.withdrawn_at is null', { cursor: cursor ?? '' })
        .andWhere('w.revision = (select max(revision) from workshops where id = w.id)')
        .orderBy('w.id', 'ASC')
        .limit(limit + 1)
        .getMany();
      const views = rows.slice(0, limit).map((row) => toWorkshopView(row.content, row.revision));
      const items = fitPage(views, pageBytes);
      return { items, nextCursor: rows.length > items.length ? (items.at(-1)?.id ?? null) : null };
    });
  }

  /**
   * Stores a workshop that was sent, as a new revision unless the newest one is the same. From then on it is the sender's,
   * also when this release ships the very same.
   * @throws AppError `unprocessable` when what it brings breaks a rule.
   */
  async put(workshop: WorkshopContent, by: Changer): Promise<{ workshop: WorkshopView; created: boolean }> {
    judgeBrought(workshop);
    return this.change(workshop.id, async (manager, newest) => {
      const isOffered = newest !== null && newest.withdrawnAt === null;
      const revision = await store(manager, newest, { content: workshop, source: 'api', changedBy: by });
      const isChange = newest?.revision !== revision || newest.source !== 'api';
      if (isChange) this.log(manager, `workshop ${workshop.id} revision ${revision} stored`, by);
      return { workshop: toWorkshopView(workshop, revision), created: !isOffered };
    });
  }

  /**
   * Stores a workshop of this release, which several replicas may do at once. False when it was changed through the API:
   * from then on it is whoever changed it that says what it is, and whether it is offered.
   * @throws AppError as `put`.
   */
  async ship(workshop: WorkshopContent): Promise<boolean> {
    judgeBrought(workshop);
    return this.change(workshop.id, async (manager, newest) => {
      if (newest && (newest.source === 'api' || newest.withdrawnAt !== null)) return false;
      await store(manager, newest, { content: workshop, source: 'shipped', changedBy: null });
      return true;
    });
  }

  /** Offers a workshop no more; sessions that have it go on. Twice is success. @throws AppError `not_found` */
  async withdraw(id: string, by: Changer): Promise<void> {
    await this.change(id, async (manager, newest) => {
      if (!newest) throw unknownWorkshop(id);
      if (newest.withdrawnAt !== null) return;
      const { revision } = newest;
      await manager.update(
        WorkshopEntity,
        { id, revision },
        { withdrawnAt: await databaseNow(manager), withdrawnBy: by },
      );
      this.log(manager, `workshop ${id} revision ${revision} withdrawn`, by);
    });
  }

  private log(manager: EntityManager, what: string, { keyId, ownerId }: Changer): void {
    afterCommit(manager, () => this.logger.log(`${what} by key ${keyId} of ${ownerId}`));
  }

  private change<T>(
    id: string,
    work: (manager: EntityManager, newest: WorkshopEntity | null) => Promise<T>,
  ): Promise<T> {
    return this.transaction.run(async (manager) => {
      await lockUntilCommit(manager, `provisioner.workshop ${id}`);
      return work(manager, await newestOf(manager, id));
    });
  }
}

function newestOf(manager: EntityManager, id: string): Promise<WorkshopEntity | null> {
  return manager.findOne(WorkshopEntity, { where: { id }, order: { revision: 'DESC' } });
}

/** @returns the revision that the content has now. */
async function store(
  manager: EntityManager,
  newest: WorkshopEntity | null,
  sent: Pick<WorkshopEntity, 'content' | 'source' | 'changedBy'>,
): Promise<number> {
  const { content, source, changedBy } = sent;
  const { id } = content;
  const digest = contentDigest(content);
  if (newest?.digest === digest && newest.withdrawnAt === null) {
    const { revision } = newest;
    if (newest.source !== source) await manager.update(WorkshopEntity, { id, revision }, { source, changedBy });
    return revision;
  }
  const revision = (newest?.revision ?? 0) + 1;
  const createdAt = await databaseNow(manager);
  await manager.insert(WorkshopEntity, {
    ...sent,
    id,
    revision,
    digest,
    withdrawnAt: null,
    withdrawnBy: null,
    createdAt,
  });
  return revision;
}

function unknownWorkshop(id: string): AppError {
  return new AppError('not_found', `workshop ${id} does not exist`);
}
