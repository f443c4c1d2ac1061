import { describeInfrastructureTarget } from '@nalabo/infrastructure-port/conformance';
import { findTestEngine } from '@nalabo/testing';
import { describe, it } from 'vitest';
import { dockerHarness } from './testing/docker-harness.js';

const engine = await findTestEngine();

if ('missing' in engine) {
  describe('Docker keeps the provider contract', () => {
    it.skip(`is not tested: ${engine.missing}`);
  });
} else {
  describeInfrastructureTarget('Docker', () => dockerHarness(engine.socketPath));
}
