import type { ApplyModel, SessionSpec } from '@nalabo/infrastructure-port';
import { Injectable } from '@nestjs/common';
import { RecentValues } from '../workshops/recent-values.js';
import { WorkshopCatalogue } from '../workshops/workshop-catalogue.js';
import { initialModel } from './brought-model.js';
import { sessionSpecOf } from './session-spec-of.js';
import type { SessionEntity } from './session.entity.js';

const keptManifests = 16;

/** What providers are asked to build: from the row, and from the workshop until the session is ready for the first time. */
@Injectable()
export class SessionSpecs {
  /** By session: they name its namespace. They take a while to read, and a session is looked at often until it is ready. */
  private readonly manifests = new RecentValues<ApplyModel | null>(keptManifests);

  constructor(private readonly catalogue: WorkshopCatalogue) {}

  /** @throws AppError `unprocessable` when what the workshop brings breaks the rules by now. */
  async of(row: SessionEntity): Promise<SessionSpec> {
    if (row.readyAt !== null) return sessionSpecOf(row, null);
    const read = async () => initialModel(row, await this.catalogue.content(row.workshopId, row.workshopRevision));
    const isOnCluster = row.targetKind === 'kubernetes';
    return sessionSpecOf(row, await (isOnCluster ? this.manifests.of(row.id, read) : read()));
  }
}
