import type {
  ApplyConfiguration,
  ApplySummary,
  ApplyView,
  CreateSession,
  ExecuteCommand,
  ExecutionView,
  HealthView,
  MetricsView,
  Problem,
  ReceiptView,
  SessionView,
  WorkshopView,
} from '@nalabo/contracts';
import type { Access } from './dev-env.js';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the URL of the API, for example `/api/workshops`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type CommandRequest = Pick<ExecuteCommand, 'command'> & Partial<ExecuteCommand>;
/** The output is text here, where messages carry base64. */
export type CommandResult = Omit<ExecutionView, 'sessionId' | 'state' | 'command' | 'startedAt'>;

const sessions = '/api/workshops/sessions';

/** The calls of a workshop platform, for the demo, the journeys and the benchmarks. */
export class ApiClient {
  constructor(
    private readonly access: Access,
    private readonly signal?: AbortSignal,
  ) {}

  get url(): string {
    return this.access.url;
  }

  /** Any request; the answer is given whatever its status. Rejects only when there is none. */
  async send(request: ApiRequest): Promise<ApiAnswer> {
    const answer = await this.open(request);
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** The same with the body unread, for one that is no JSON or comes bit by bit. */
  open({ method, path, body, headers }: ApiRequest): Promise<Response> {
    return fetch(this.access.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.access.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(this.signal ? { signal: this.signal } : {}),
    });
  }

  async workshops(): Promise<WorkshopView[]> {
    return (await this.ask<{ items: WorkshopView[] }>({ method: 'GET', path: '/api/workshops' })).items;
  }

  /** Waits up to `waitSeconds` for READY; by default it does not wait. */
  createSession(body: CreateSession, waitSeconds = 0): Promise<SessionView> {
    return this.ask({ method: 'POST', path: sessions, body, headers: { prefer: `wait=${waitSeconds}` } });
  }

  /** The newest 200, of every owner when the key is an instructor's or an administrator's. */
  async sessions(): Promise<SessionView[]> {
    return (await this.ask<{ items: SessionView[] }>({ method: 'GET', path: `${sessions}?limit=200` })).items;
  }

  session(id: string): Promise<SessionView> {
    return this.ask({ method: 'GET', path: `${sessions}/${id}` });
  }

  endSession(id: string): Promise<SessionView> {
    return this.ask({ method: 'DELETE', path: `${sessions}/${id}` });
  }

  extendSession(id: string, minutes: number): Promise<SessionView> {
    return this.ask({ method: 'POST', path: `${sessions}/${id}/extend`, body: { duration: minutes } });
  }

  execute(id: string, body: CommandRequest): Promise<CommandResult> {
    return this.ask({ method: 'POST', path: `${sessions}/${id}/execute`, body });
  }

  apply(
    id: string,
    body: Omit<ApplyConfiguration, 'dryRun' | 'files'> & Partial<ApplyConfiguration>,
  ): Promise<ApplyView> {
    return this.ask({ method: 'POST', path: `${sessions}/${id}/apply`, body });
  }

  /** The newest 50. */
  async applies(id: string): Promise<ApplySummary[]> {
    return (await this.ask<{ items: ApplySummary[] }>({ method: 'GET', path: `${sessions}/${id}/applies` })).items;
  }

  rollback(id: string, applyId: string): Promise<ApplyView> {
    return this.ask({ method: 'POST', path: `${sessions}/${id}/applies/${applyId}/rollback` });
  }

  metrics(id: string): Promise<MetricsView> {
    return this.ask({ method: 'GET', path: `${sessions}/${id}/metrics` });
  }

  health(id: string): Promise<HealthView> {
    return this.ask({ method: 'GET', path: `${sessions}/${id}/health` });
  }

  receipt(id: string): Promise<ReceiptView> {
    return this.ask({ method: 'GET', path: `${sessions}/${id}/receipt` });
  }

  private async ask<Body>(request: ApiRequest): Promise<Body> {
    const { status, body } = await this.send(request);
    if (status < 300) return body as Body;
    const { detail } = (body ?? {}) as Partial<Problem>;
    throw new Error(`${request.method} ${request.path} answers ${status}: ${detail ?? 'without a reason'}`);
  }
}
