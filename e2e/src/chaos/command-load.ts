import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAnswer, ApiClient } from '@nalabo/start';
import type { SeededRandom } from './seeded-random.js';

/** Where a command that really came to its end has left its token. */
export const proofs = '/workspace/proofs';

/** What a learner sends. Only the first comes to a good end, and that is proven by its token. */
type CommandKind = 'proves itself' | 'fails' | 'outlasts its limit' | 'kills its shell';

export interface Attempt {
  readonly sessionId: string;
  readonly token: string;
  readonly kind: CommandKind;
  readonly limitMs: number;
  /** From the request to the answer. */
  readonly answeredAfterMs: number;
  /** Undefined when the connection broke. */
  readonly answer: ApiAnswer | undefined;
}

const kinds: readonly [CommandKind, ...CommandKind[]] = [
  'proves itself',
  'proves itself',
  'proves itself',
  'fails',
  'outlasts its limit',
  'kills its shell',
];

/** Keeps a session busy as its owner, one command after another, whatever comes back. */
export async function commandLoad(
  session: { readonly id: string; readonly owner: ApiClient },
  random: SeededRandom,
  stop: AbortSignal,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  while (!stop.aborted) {
    const kind = random.pick(kinds);
    const token = randomUUID();
    const limitMs = kind === 'outlasts its limit' ? 1000 : 5000;
    const body = { command: commandOf(kind, token, random.between(0, 0.4).toFixed(2)), timeout: limitMs };
    const headers = random.between(0, 1) < 0.2 ? { prefer: 'respond-async' } : {};
    const startedAt = performance.now();
    const path = `/api/workshops/sessions/${session.id}/execute`;
    const answer = await session.owner.send({ method: 'POST', path, body, headers }).catch(() => undefined);
    const answeredAfterMs = performance.now() - startedAt;
    attempts.push({ sessionId: session.id, token, kind, limitMs, answeredAfterMs, answer });
    await pause(random.between(100, 400));
  }
  return attempts;
}

/** The token is in every command, so that its execution is found without an answer. */
function commandOf(kind: CommandKind, token: string, seconds: string): string {
  const prove = `sleep ${seconds}; mkdir -p ${proofs} && touch ${proofs}/${token}`;
  switch (kind) {
    case 'proves itself':
      return `${prove} && echo proven`;
    case 'fails':
      return `sleep ${seconds}; echo ${token} | tr a-z A-Z; exit 7`;
    case 'outlasts its limit':
      return `echo ${token} | tr a-z A-Z; sleep 30`;
    case 'kills its shell':
      return `kill -9 $PPID; ${prove}`;
  }
}
