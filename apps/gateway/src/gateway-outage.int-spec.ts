import { eventually } from '@nalabo/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.cases.js';

describe('a gateway without what it needs', () => {
  let rig: GatewayRig;
  let key: string;

  beforeAll(async () => {
    rig = await GatewayRig.start();
    key = (await rig.aKey()).key;
  });
  afterAll(() => rig.stop());

  async function expectUnavailable(response: Response): Promise<void> {
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ kind: 'unavailable' });
  }

  it('is unavailable at once without NATS and works again with it', async () => {
    rig.natsWire.cut();
    const started = performance.now();
    await eventually(async () => expectUnavailable(await rig.ask('/api/workshops', { key })));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await rig.ask('/health/ready')).status).toBe(503);
    expect((await rig.ask('/health/live')).status).toBe(200);
    expect((await rig.ask('/api/keys', { key: rig.bootstrapKey })).status).toBe(200);
    rig.natsWire.mend();
    await eventually(async () => expect((await rig.ask('/api/workshops', { key })).status).toBe(200));
  });

  it('is unavailable without PostgreSQL and keeps its audit for later', async () => {
    rig.databaseWire.cut();
    await eventually(async () => expectUnavailable(await rig.ask('/api/workshops', { key })));
    expect((await rig.ask('/health/ready')).status).toBe(503);
    await rig.ask('/api/nothing', { headers: { 'x-correlation-id': 'while-away' } });
    rig.databaseWire.mend();
    await eventually(async () => expect((await rig.ask('/api/workshops', { key })).status).toBe(200));
    await eventually(async () => {
      const audit = await rig.database.query("SELECT 1 FROM request_audit WHERE correlation_id = 'while-away'");
      expect(audit.rowCount).toBe(1);
    });
  });
});
