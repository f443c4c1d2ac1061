import { type Actor, rpcs, type Envelope, type ReplyOf, type RequestOf } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { HandleRpc } from '@nalabo/messaging';
import { Controller } from '@nestjs/common';
import { TargetProbes } from '../targets/target-probes.js';
import { WorkshopCatalogue } from './workshop-catalogue.js';
import type { Changer } from './workshop.entity.js';

const { provisioner } = rpcs;

/** Answers what there is to choose from: workshops and targets. */
@Controller()
export class CatalogueController {
  constructor(
    private readonly catalogue: WorkshopCatalogue,
    private readonly probes: TargetProbes,
  ) {}

  @HandleRpc(provisioner.listWorkshops)
  workshops(request: RequestOf<typeof provisioner.listWorkshops>): Promise<ReplyOf<typeof provisioner.listWorkshops>> {
    return this.catalogue.list(request.cursor, request.limit);
  }

  @HandleRpc(provisioner.getWorkshop)
  workshop(request: RequestOf<typeof provisioner.getWorkshop>): Promise<ReplyOf<typeof provisioner.getWorkshop>> {
    return this.catalogue.get(request.workshopId);
  }

  @HandleRpc(provisioner.getWorkshopChecks)
  async checks({
    workshopId,
    revision,
  }: RequestOf<typeof provisioner.getWorkshopChecks>): Promise<ReplyOf<typeof provisioner.getWorkshopChecks>> {
    const { checks } = await this.catalogue.content(workshopId, revision);
    return { checks };
  }

  @HandleRpc(provisioner.putWorkshop)
  async put(
    { workshop }: RequestOf<typeof provisioner.putWorkshop>,
    { actor }: Envelope,
  ): Promise<ReplyOf<typeof provisioner.putWorkshop>> {
    return this.catalogue.put(workshop, adminOf(actor));
  }

  @HandleRpc(provisioner.deleteWorkshop)
  async delete(
    { workshopId }: RequestOf<typeof provisioner.deleteWorkshop>,
    { actor }: Envelope,
  ): Promise<ReplyOf<typeof provisioner.deleteWorkshop>> {
    await this.catalogue.withdraw(workshopId, adminOf(actor));
    return {};
  }

  @HandleRpc(provisioner.listTargets)
  async targets(
    _request: RequestOf<typeof provisioner.listTargets>,
    { actor }: Envelope,
  ): Promise<ReplyOf<typeof provisioner.listTargets>> {
    const views = await this.probes.views();
    return { items: actor.role === 'admin' ? views : views.map((view) => ({ ...view, preflight: null })) };
  }
}

function adminOf({ role, keyId, ownerId }: Actor): Changer {
  if (role === 'admin') return { keyId, ownerId };
  throw new AppError('forbidden', `the role ${role} may not change workshops`);
}
