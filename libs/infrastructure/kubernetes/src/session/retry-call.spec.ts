import { AppError } from '@nalabo/kernel';
import { describe, expect, it } from 'vitest';
import { retryCall } from './retry-call.js';

const options = { attempts: 3, firstMilliseconds: 60_000, factor: 1, maximumMilliseconds: 60_000 };
const busy = new AppError('unavailable', 'busy');
const failing = () => Promise.reject(busy);

describe('a call that is retried', () => {
  it.each([
    ['its caller goes', new DOMException('gone', 'AbortError'), 'cancelled'],
    ['the time of its caller is up', new DOMException('late', 'TimeoutError'), 'timeout'],
  ])('says so when %s while it pauses', async (_, reason, kind) => {
    const caller = new AbortController();
    const call = retryCall('look', failing, { ...options, signal: caller.signal, isWorthRetrying: () => true });
    caller.abort(reason);
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ kind });
  });

  it('fails as its last attempt did', async () => {
    const { signal } = new AbortController();
    const call = retryCall('look', failing, { ...options, signal, isWorthRetrying: () => false });
    await expect(call).rejects.toBe(busy);
  });
});
