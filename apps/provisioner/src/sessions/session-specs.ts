import type { SessionSpec } from '@nalabo/infrastructure-port';
import { Injectable } from '@nestjs/common';
import { WorkshopCatalogue } from '../workshops/workshop-catalogue.js';
import { initialModel } from './brought-model.js';
import { sessionSpecOf } from './session-spec-of.js';
import type { SessionEntity } from './session.entity.js';

/** What providers are asked to build: from the row, and from the workshop until the session is ready for the first time. */
@Injectable()
export class SessionSpecs {
  constructor(private readonly catalogue: WorkshopCatalogue) {}

  /** @throws AppError `unprocessable` when what the workshop brings breaks the rules by now. */
  async of(row: SessionEntity): Promise<SessionSpec> {
    if (row.readyAt !== null) return sessionSpecOf(row, null);
    const workshop = await this.catalogue.content(row.workshopId, row.workshopRevision);
    return sessionSpecOf(row, initialModel(row, workshop));
  }
}
