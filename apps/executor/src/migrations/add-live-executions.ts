import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accepts a command in one round trip: the waits for the locks, the look at the limits behind them, and the row. Each
 * statement of a volatile function sees what was committed before it, so nobody who held a lock is overlooked. Without
 * `started_at` nothing was written, and the other columns say why: the counts, or who used the key before.
 */
const startExecution = `
  CREATE FUNCTION start_execution(
    p_execution_id uuid, p_session_id text, p_owner_id text, p_actor jsonb, p_correlation_id text, p_command jsonb,
    p_instance text, p_lease_token text, p_lease interval, p_maximum_running integer, p_maximum_last_minute integer,
    p_route text, p_key text, p_digest text, p_is_durable boolean)
  RETURNS TABLE (
    started_at timestamptz, running_in_session integer, started_by_owner_last_minute integer,
    earlier_execution_id uuid, earlier_digest text)
  LANGUAGE plpgsql VOLATILE AS $$
  #variable_conflict use_column
  BEGIN
    -- Two commands at the same moment must not both be the last that fits. Always in this order: no deadlock.
    PERFORM pg_advisory_xact_lock(hashtextextended('nalabo.executor.session ' || p_session_id, 0));
    PERFORM pg_advisory_xact_lock(hashtextextended('nalabo.executor.owner ' || p_owner_id, 0));
    IF p_key IS NOT NULL THEN
      SELECT k.execution_id, k.digest INTO earlier_execution_id, earlier_digest FROM execution_keys AS k
      WHERE k.owner_id = p_owner_id AND k.route = p_route AND k.key = p_key
        AND k.used_at > clock_timestamp() - interval '24 hours';
      IF FOUND THEN
        RETURN NEXT;
        RETURN;
      END IF;
    END IF;
    SELECT count(*) INTO running_in_session FROM executions AS e
    WHERE e.session_id = p_session_id AND e.state = 'running' AND e.lease_until > clock_timestamp();
    started_by_owner_last_minute := started_last_minute(p_owner_id);
    IF running_in_session < p_maximum_running AND started_by_owner_last_minute < p_maximum_last_minute THEN
      INSERT INTO executions AS e (execution_id, session_id, owner_id, actor, correlation_id, command, state, instance,
        lease_token, lease_until)
      VALUES (p_execution_id, p_session_id, p_owner_id, p_actor, p_correlation_id, p_command, 'running', p_instance,
        p_lease_token, clock_timestamp() + p_lease)
      ON CONFLICT (execution_id) DO NOTHING
      RETURNING e.started_at INTO started_at;
      IF started_at IS NOT NULL AND p_key IS NOT NULL THEN
        INSERT INTO execution_keys (owner_id, route, key, digest, execution_id)
        VALUES (p_owner_id, p_route, p_key, p_digest, p_execution_id)
        ON CONFLICT (owner_id, route, key)
        DO UPDATE SET digest = p_digest, execution_id = p_execution_id, used_at = clock_timestamp();
      END IF;
    END IF;
    IF NOT p_is_durable THEN
      PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    RETURN NEXT;
  END $$`;

/**
 * A command is known to live in one process, is numbered piece by piece, and may be asked for twice under one key. `frames`
 * has the bytes of each piece in order, those of stderr negative; without it nobody knows what was printed.
 */
export class AddLiveExecutions1700000003000 implements MigrationInterface {
  readonly name = 'AddLiveExecutions1700000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE executions
        ADD COLUMN instance text,
        ADD COLUMN left_processes boolean NOT NULL DEFAULT false,
        ADD COLUMN frames integer[],
        ALTER COLUMN path DROP NOT NULL`);
    await runner.query(`CREATE INDEX executions_running_in_session ON executions (session_id) WHERE state = 'running'`);
    await runner.query(`
      CREATE TABLE execution_keys (
        owner_id text,
        route text,
        key text,
        digest text NOT NULL,
        execution_id uuid NOT NULL,
        used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (owner_id, route, key)
      )`);
    await runner.query('CREATE INDEX execution_keys_by_age ON execution_keys (used_at)');
    await runner.query(startExecution);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION start_execution');
    await runner.query('DROP TABLE execution_keys');
    await runner.query('DROP INDEX executions_running_in_session');
    await runner.query(`UPDATE executions SET path = 'exec' WHERE path IS NULL`);
    await runner.query(`
      ALTER TABLE executions
        DROP COLUMN instance, DROP COLUMN left_processes, DROP COLUMN frames, ALTER COLUMN path SET NOT NULL`);
  }
}
