import type { TargetView } from '@nalabo/contracts';
import { TargetRegistry, type InfrastructureTarget } from '@nalabo/infrastructure-port';
import { systemClock } from '@nalabo/kernel';
import { Transaction } from '@nalabo/persistence';
import type { AdmissionLimits } from '@nalabo/session';
import { Inject, Injectable } from '@nestjs/common';
import { admissionLimits } from '../sessions/admission-limits.js';
import type { PlacementCandidate } from '../sessions/placement.js';
import { TargetPreflights } from './target-preflights.js';

const probeFreshMilliseconds = 5000;
/** A target that was away is asked again soon, so that its return is noticed. */
const failedProbeFreshMilliseconds = 1000;
const probeTimeoutMilliseconds = 3000;

interface Load {
  readonly target: string;
  readonly live: number;
  readonly running: number;
  readonly queued: number;
}

/** What placement and the target list need to know of each target: reachable, and how full. */
@Injectable()
export class TargetProbes {
  private readonly reachable = new Map<string, { until: number; answer: Promise<boolean> }>();

  constructor(
    private readonly targets: TargetRegistry,
    private readonly transaction: Transaction,
    @Inject(admissionLimits) private readonly limits: AdmissionLimits,
    private readonly preflights: TargetPreflights,
  ) {}

  async candidates(): Promise<readonly PlacementCandidate[]> {
    const loads = await this.loads();
    return Promise.all(
      this.targets.all().map(async (target) => ({
        name: target.name,
        kind: target.describe.kind,
        reachable: await this.isReachable(target),
        liveSessions: loads.get(target.name)?.live ?? 0,
      })),
    );
  }

  async views(): Promise<TargetView[]> {
    const loads = await this.loads();
    return Promise.all(
      this.targets.all().map(async ({ name, describe }) => {
        const load = loads.get(name);
        return {
          name,
          type: describe.kind,
          capabilities: await describe.capabilities(),
          liveSessions: load?.live ?? 0,
          provisioning: {
            running: load?.running ?? 0,
            limit: this.limits.provisionsPerTarget,
            queued: load?.queued ?? 0,
          },
          preflight: this.preflights.last(name),
        };
      }),
    );
  }

  private isReachable(target: InfrastructureTarget): Promise<boolean> {
    const known = this.reachable.get(target.name);
    const now = systemClock.now().getTime();
    if (known && now < known.until) return known.answer;
    const probe = { until: now + probeFreshMilliseconds, answer: this.probe(target) };
    this.reachable.set(target.name, probe);
    void probe.answer.then((reachable) => {
      if (!reachable) probe.until = now + failedProbeFreshMilliseconds;
    });
    return probe.answer;
  }

  private async probe({ observe }: InfrastructureTarget): Promise<boolean> {
    try {
      return (await observe.probe(AbortSignal.timeout(probeTimeoutMilliseconds))).reachable;
    } catch {
      // A probe that gets no answer says the same as one that is refused.
      return false;
    }
  }

  private async loads(): Promise<ReadonlyMap<string, Load>> {
    const rows = await this.transaction.run((manager) =>
      manager.query<Load[]>(
        `select target, count(*)::int as live,
                (count(*) filter (where state = 'PROVISIONING'))::int as running,
                (count(*) filter (where state = 'REQUESTED'))::int as queued
           from sessions where state <> 'TERMINATED' group by target`,
      ),
    );
    return new Map(rows.map((row) => [row.target, row]));
  }
}
