import type { Actor } from '@nalabo/contracts';
import { AppError, type Clock } from '@nalabo/kernel';
import { type ApiKey, hashApiKey, isSameHash, parseApiKey } from './api-key.js';
import type { ApiKeyStore, StoredKey } from './api-key.store.js';
import { readBearer } from './bearer.js';

export interface AuthenticationSettings {
  /** The secret of the keyed hashes. Changing it makes every key invalid. */
  readonly pepper: string;
  /** A key that is an administrator's as soon as it is used, so that a fresh installation has one. */
  readonly bootstrapKey: string | undefined;
}

interface RememberedKey {
  readonly key: StoredKey;
  readonly readAt: number;
}

/** How long a revocation on another replica may go unnoticed. */
const rememberMilliseconds = 2_000;

const bootstrapOwner = 'admin';

/** Says who sends a request. Every refusal reads the same, so that nothing is learned from it. */
export class Authenticator {
  private readonly remembered = new Map<string, RememberedKey>();

  constructor(
    private readonly store: ApiKeyStore,
    private readonly clock: Clock,
    private readonly settings: AuthenticationSettings,
  ) {}

  /** Throws `unauthenticated`, or `unavailable` when the database is away. */
  async authenticate(authorization: string | undefined): Promise<Actor> {
    const key = parseApiKey(readBearer(authorization) ?? '');
    if (!key) throw unauthenticated();
    const hash = this.hash(key);
    const stored = this.recall(key.keyId) ?? (await this.read(key, hash));
    if (!stored || stored.isRevoked || !isSameHash(stored.hash, hash)) throw unauthenticated();
    return { keyId: stored.id, ownerId: stored.ownerId, role: stored.role };
  }

  /** What is stored of a key. */
  hash(key: ApiKey): Buffer {
    return hashApiKey(key, this.settings.pepper);
  }

  /** Makes this replica notice a revocation at once. */
  forget(keyId: string): void {
    this.remembered.delete(keyId);
  }

  private recall(keyId: string): StoredKey | undefined {
    const remembered = this.remembered.get(keyId);
    const isFresh = remembered && this.clock.now().getTime() - remembered.readAt < rememberMilliseconds;
    return isFresh ? remembered.key : undefined;
  }

  private async read(key: ApiKey, hash: Buffer): Promise<StoredKey | undefined> {
    const readAt = this.clock.now().getTime();
    const found = await this.store.find(key.keyId);
    const isKnown = found !== undefined && isSameHash(found.hash, hash);
    const stored = isKnown || !this.isBootstrap(hash) ? found : await this.store.ensure(bootstrap(key, hash));
    // Only existing keys are remembered: made-up ids must not fill the memory.
    if (stored) this.remembered.set(stored.id, { key: stored, readAt });
    if (isKnown && !found.isRevoked && found.isUseOutdated) await this.store.noteUse(found.id);
    return stored;
  }

  private isBootstrap(hash: Buffer): boolean {
    const expected = parseApiKey(this.settings.bootstrapKey ?? '');
    return expected !== undefined && isSameHash(this.hash(expected), hash);
  }
}

function bootstrap(key: ApiKey, hash: Buffer) {
  return { id: key.keyId, hash, ownerId: bootstrapOwner, role: 'admin', description: 'bootstrap key' } as const;
}

function unauthenticated(): AppError {
  return new AppError('unauthenticated', 'A valid API key is required: Authorization: Bearer <key>.');
}
