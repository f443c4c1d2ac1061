import { setTimeout as pause } from 'node:timers/promises';
import type { Problem, ReceiptView, SessionView } from '@nalabo/contracts';
import type { ApiClient, CommandRequest, CommandResult } from '../api-client.js';
import type { Narrator } from './narrator.js';

const endPatienceMilliseconds = 30_000;
const askAgainMilliseconds = 200;

/** The life of one session, seen by the workshop platform that uses the API. */
export class Walk {
  private session: SessionView | undefined;
  private hasEnded = false;

  constructor(
    private readonly api: ApiClient,
    private readonly tell: Narrator,
  ) {}

  async run(): Promise<void> {
    await this.lookAtWorkshops();
    const { id } = await this.createSession();
    await this.runCommands(id);
    await this.keepFiles(id);
    await this.stayInside(id);
    await this.lookAtUsage(id);
    await this.extend(id);
    await this.refuseKubernetes(id);
    await this.end(id);
  }

  /** Ends what a walk that was broken off has left; it needs a client that nobody has aborted. */
  async leave(api: ApiClient): Promise<void> {
    if (!this.session || this.hasEnded) return;
    await api.endSession(this.session.id);
    await this.receiptOf(this.session.id, api);
  }

  private async lookAtWorkshops(): Promise<void> {
    this.tell.step('Which workshops are there?', 'A workshop says where it runs, for how long and with what.');
    this.tell.show('GET /api/workshops');
    const workshops = await this.api.workshops();
    for (const { id, title } of workshops) this.tell.show(`${id}: ${title}`);
    this.tell.promise(
      'linux-basics is offered',
      workshops.some(({ id }) => id === 'linux-basics'),
    );
  }

  private async createSession(): Promise<SessionView> {
    const body = {
      workshopId: 'linux-basics',
      infrastructureType: 'docker' as const,
      duration: 240,
      resources: { cpu: '2000m', memory: '4Gi', storage: '20Gi' },
    };
    this.tell.step('A learner starts it', 'With "Prefer: wait" the answer comes when the session is ready.');
    this.tell.show(`POST /api/workshops/sessions ${JSON.stringify(body)}`);
    const session = await this.api.createSession(body, 60);
    this.session = session;
    for (const { step, durationMs } of session.progress) this.tell.show(`${step.padEnd(8)} ${durationMs ?? '…'} ms`);
    this.tell.show(`session ${session.id}, expires at ${session.expiresAt}`);
    this.tell.promise('the session is READY', session.state === 'READY');
    this.tell.promise('it has four hours', session.remainingSeconds > 14_300 && session.remainingSeconds <= 14_400);
    if (session.storage && !session.storage.enforced)
      this.tell.show(`storage is not enforced: ${session.storage.reason}`);
    return session;
  }

  private async runCommands(id: string): Promise<void> {
    this.tell.step('Commands', 'A string runs in a shell inside the sandbox, an array runs as it is.');
    const who = await this.execute(id, { command: 'echo "I am $(id -un) on $(uname -s)" && cat /etc/debian_version' });
    this.tell.promise('the learner is no root', who.exitCode === 0 && who.stdout.includes('I am learner'));
    const literal = await this.execute(id, { command: ['echo', '$(reboot)', '; ls'] });
    this.tell.promise('an array is never interpreted', literal.stdout === '$(reboot) ; ls\n');
    const failing = await this.execute(id, { command: 'echo gone >&2; exit 3' });
    this.tell.promise(
      'a failure is told with exit code and error output',
      failing.exitCode === 3 && failing.stderr === 'gone\n',
    );
    const slow = await this.execute(id, { command: 'sleep 60', timeout: 1000 });
    this.tell.promise('a command that takes too long is ended', slow.outcome === 'timed_out' && slow.exitCode === null);
    const kubectl = await this.execute(id, { command: 'kubectl get pods' });
    this.tell.promise('a program that is not there gives 127', kubectl.exitCode === 127);
  }

  private async keepFiles(id: string): Promise<void> {
    this.tell.step(
      'Files',
      'What is written to /workspace stays as long as the session; the system cannot be changed.',
    );
    await this.execute(id, { command: 'mkdir -p site && cat > site/index.html', stdin: '<h1>Hello</h1>\n' });
    const kept = await this.execute(id, { command: 'cat index.html', cwd: '/workspace/site' });
    this.tell.promise('the file is there in a later command', kept.stdout === '<h1>Hello</h1>\n');
    const system = await this.execute(id, { command: 'touch /etc/mine' });
    this.tell.promise('the system is read-only', system.exitCode !== 0);
  }

  private async stayInside(id: string): Promise<void> {
    this.tell.step('Isolation', 'A session has a network of its own without a way out.');
    const port = new URL(this.api.url).port;
    const host = await this.execute(id, {
      command: `curl -sS --max-time 2 "http://$(ip route | awk '/default/ {print $3}'):${port}/health/live"`,
    });
    this.tell.promise('the machine it runs on is out of reach', host.outcome === 'failed' && host.stdout === '');
    const outside = await this.execute(id, { command: 'curl -sS --max-time 2 http://1.1.1.1/' });
    this.tell.promise('the internet is out of reach', outside.outcome === 'failed' && outside.stdout === '');
  }

  private async lookAtUsage(id: string): Promise<void> {
    this.tell.step('What it uses', 'The monitor reads it from the engine; it cannot change anything there.');
    await this.execute(id, { command: ['python3', '-c', 'print(sum(range(5_000_000)))'] });
    const { limits, current, unavailableReason } = await this.api.metrics(id);
    this.tell.show(`GET …/${id}/metrics`);
    this.tell.show(`limits  ${limits.cpuMillicores}m CPU, ${mebibytes(limits.memoryBytes)} MiB`);
    this.tell.show(
      current
        ? `now     ${mebibytes(current.memoryBytes)} MiB, ${current.processes} processes, ${current.cpuSecondsTotal?.toFixed(2)} s of CPU`
        : `unavailable: ${unavailableReason}`,
    );
    this.tell.promise(
      'memory and processes are measured',
      (current?.memoryBytes ?? 0) > 0 && (current?.processes ?? 0) > 0,
    );
    const health = await this.api.health(id);
    this.tell.promise(`the session is ${health.status}`, health.status === 'healthy');
  }

  private async extend(id: string): Promise<void> {
    this.tell.step('A little longer', 'The time can be extended, up to the ceiling of the workshop.');
    const before = this.session?.expiresAt ?? '';
    const { expiresAt } = await this.api.extendSession(id, 300);
    this.tell.show(`POST …/extend {"duration": 300}: ${before} → ${expiresAt}`);
    this.tell.promise('it expires later than before', expiresAt > before);
  }

  private async refuseKubernetes(id: string): Promise<void> {
    this.tell.step('A clear no', 'What this installation cannot do is refused with the reason; nothing is created.');
    const body = { workshopId: 'linux-basics', infrastructureType: 'kubernetes' };
    const { status, body: answer } = await this.api.send({ method: 'POST', path: '/api/workshops/sessions', body });
    const { detail } = answer as Problem;
    this.tell.show(`POST /api/workshops/sessions ${JSON.stringify(body)}: ${status} ${detail}`);
    this.tell.promise('Kubernetes is refused by name', status === 422 && detail.includes('kubernetes'));
    this.tell.promise('the other session goes on', (await this.api.session(id)).state === 'READY');
  }

  private async end(id: string): Promise<void> {
    this.tell.step('The end', 'A session ends when its time is over or when it is asked to, and leaves a receipt.');
    this.tell.show(`DELETE …/${id}`);
    await this.api.endSession(id);
    const receipt = await this.receiptOf(id);
    this.hasEnded = receipt !== undefined;
    for (const { kind, name } of receipt?.removed ?? []) this.tell.show(`removed ${kind} ${name}`);
    const { state, reason } = await this.api.session(id);
    this.tell.promise(`the session is ${state} (${reason})`, state === 'TERMINATED' && reason === 'requested');
    this.tell.promise('somebody else than the remover saw that nothing is left', receipt?.clean === true);
    const after = await this.api.send({
      method: 'POST',
      path: `/api/workshops/sessions/${id}/execute`,
      body: { command: 'true' },
    });
    this.tell.promise('it takes no more commands (410)', after.status === 410);
  }

  /** The receipt once it has been verified; undefined when that does not come in time. */
  private async receiptOf(id: string, api = this.api): Promise<ReceiptView | undefined> {
    const deadline = performance.now() + endPatienceMilliseconds;
    while (performance.now() < deadline) {
      const { status, body } = await api.send({ method: 'GET', path: `/api/workshops/sessions/${id}/receipt` });
      const receipt = body as ReceiptView;
      if (status === 200 && receipt.verified !== null) return receipt;
      await pause(askAgainMilliseconds);
    }
    return undefined;
  }

  private async execute(id: string, request: CommandRequest): Promise<CommandResult> {
    const result = await this.api.execute(id, request);
    this.tell.command(request, result);
    return result;
  }
}

function mebibytes(bytes: number | null | undefined): string {
  return bytes == null ? '?' : (bytes / 2 ** 20).toFixed(1);
}
