import type { Access, ApiClient, CommandRequest, CommandResult } from '@nalabo/start';
import { executeOverHttp } from './execute-over-http.js';

/** Below the commands that one owner may run in a minute. */
const commandsPerOwner = 500;

/** Runs commands under the limits of the platform as they are: by as many instructors as it takes, one after another. */
export class Instructors {
  private current: Promise<Access> | undefined;
  private used = 0;
  private made = 0;

  constructor(private readonly administrator: ApiClient) {}

  async execute(sessionId: string, request: CommandRequest): Promise<CommandResult> {
    return executeOverHttp(await this.next(), sessionId, request);
  }

  private next(): Promise<Access> {
    if (this.current === undefined || this.used === commandsPerOwner) {
      this.current = this.make();
      this.used = 0;
    }
    this.used += 1;
    return this.current;
  }

  private async make(): Promise<Access> {
    this.made += 1;
    const body = { ownerId: `instructor-${this.made}`, role: 'instructor' };
    const answer = await this.administrator.send({ method: 'POST', path: '/api/keys', body });
    if (answer.status !== 201) throw new Error(`no key for an instructor: ${answer.status}`);
    return { url: this.administrator.url, apiKey: (answer.body as { key: string }).key };
  }
}
