import { describe, expect, it } from 'vitest';
import { runInContext } from '../request-context.js';
import { createLogger } from './create-logger.js';

function capture(): { lines: Record<string, unknown>[]; write(line: string): void } {
  const lines: Record<string, unknown>[] = [];
  return { lines, write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
}

describe('a log line', () => {
  it('says which service wrote it, and for which request', () => {
    const output = capture();
    const logger = createLogger({ service: 'executor', instance: 'local', level: 'info' }, output);
    runInContext({ correlationId: 'c-1', sessionId: 's-1' }, () => logger.info({ apiKey: 'hidden', step: 2 }, 'ran'));
    expect(output.lines).toMatchObject([
      { level: 'info', service: 'executor', correlationId: 'c-1', sessionId: 's-1', apiKey: '[redacted]', step: 2 },
    ]);
  });

  it('describes an error and bounds a message', () => {
    const output = capture();
    const logger = createLogger({ service: 'executor', instance: 'local', level: 'info' }, output);
    logger.error(new Error('broken'));
    logger.info('x'.repeat(100_000));
    expect(output.lines[0]).toMatchObject({ msg: 'broken', err: { type: 'Error', message: 'broken' } });
    expect(String(output.lines[1]?.['msg']).length).toBeLessThan(4200);
  });
});
