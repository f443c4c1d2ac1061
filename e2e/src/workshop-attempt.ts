import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplyView, CheckOutcome, CheckRunView, CheckStanding } from '@nalabo/contracts';
import type { ApiClient } from '@nalabo/start';
import { expect } from 'vitest';
import type { JourneyStack } from './journey-stack.js';

const workshops = join(import.meta.dirname, '../../workshops');

/** Of the workshops that ship. */
export const shippedIds: readonly string[] = readdirSync(workshops);

export function fileOf(workshopId: string, file: string): string {
  return readFileSync(join(workshops, workshopId, file), 'utf8');
}

/** A session of one learner in a workshop that has checks. */
export class WorkshopAttempt {
  private constructor(
    readonly api: ApiClient,
    readonly id: string,
    private readonly solution: string,
  ) {}

  static async begin(stack: JourneyStack, workshopId: string): Promise<WorkshopAttempt> {
    // Each by a learner of his own: an owner may begin only so many sessions a minute.
    const api = await stack.clientOf(`learner-${randomBytes(4).toString('hex')}`);
    const { id } = await api.createSession({ workshopId }, 60);
    return new WorkshopAttempt(api, id, fileOf(workshopId, 'solution.sh'));
  }

  async check(checkId?: string): Promise<CheckRunView> {
    return (await this.ask('POST', checkId === undefined ? '' : `/${checkId}`)) as CheckRunView;
  }

  /** By the check's id. */
  async outcomes(): Promise<Record<string, CheckOutcome>> {
    const { results } = await this.check();
    return Object.fromEntries(results.map(({ checkId, outcome }) => [checkId, outcome]));
  }

  async standings(): Promise<CheckStanding[]> {
    return ((await this.ask('GET', '')) as { items: CheckStanding[] }).items;
  }

  /** The steps of the solution with these names. */
  async solve(...steps: string[]): Promise<void> {
    await this.do(['sh', '-s', '--', ...steps], this.solution);
  }

  async do(command: string | string[], stdin?: string): Promise<string> {
    const request = { command, timeout: 60_000, ...(stdin === undefined ? {} : { stdin }) };
    const { outcome, stdout, stderr } = await this.api.execute(this.id, request);
    expect(outcome, `${stdout}\n${stderr}`).toBe('succeeded');
    return stdout;
  }

  /** Applies the Compose file that stands in the workspace, as a learner does. */
  async apply(): Promise<ApplyView> {
    const configuration = await this.do(['cat', 'compose.yaml']);
    const view = await this.api.apply(this.id, { type: 'compose', configuration });
    expect(view.objects.filter(({ action }) => action === 'failed')).toEqual([]);
    return view;
  }

  private async ask(method: 'GET' | 'POST', path: string): Promise<unknown> {
    const answer = await this.api.send({ method, path: `/api/workshops/sessions/${this.id}/checks${path}` });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }
}
