import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

@Injectable()
export class Inbox {
  /**
   * Runs the work unless this message was handled before; the id is kept in the same transaction. False when there was
   * nothing to do. Two handlers of one service that take the same message put their own name before its id.
   */
  async once(manager: EntityManager, messageId: string, work: () => Promise<void>): Promise<boolean> {
    // A second delivery at the same moment waits here for the first one's end.
    const added: unknown[] = await manager.query(
      'INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1',
      [messageId],
    );
    if (added.length === 0) return false;
    await work();
    return true;
  }
}
