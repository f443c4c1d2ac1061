import type { SessionSpec } from '@nalabo/infrastructure-port';
import { isSessionId } from '@nalabo/kernel';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { workbenchOptions } from './container-options.js';
import { networkOptions } from './network-options.js';
import { volumeOptions } from './volume-options.js';

const sessionId = 'abcdefghijklmnopqrstuvwxyz';
if (!isSessionId(sessionId)) throw new Error('not a session id');

const spec: SessionSpec = {
  sessionId,
  generation: 2,
  workshopId: 'first-steps',
  limits: { cpuMillicores: 1500, memoryBytes: 2 * 2 ** 30, storageBytes: 10 * 2 ** 30 },
  environment: { COURSE: 'git', GREETING: 'hello = "world"' },
  endsByEpochSeconds: 1_800_000_000,
  subnetIndex: 17,
  isolation: null,
  applied: null,
  initial: null,
};

/** Each file is reviewed: a change of it is a change of what a session may do. */
function reviewed(name: string): string {
  return `./create-requests/${name}.json`;
}

function asJson(request: unknown): Promise<string> {
  return format(JSON.stringify(request), { parser: 'json', printWidth: 120 });
}

describe('the create request of', () => {
  it('the network is the reviewed one', async () => {
    const request = networkOptions(spec, { instance: 'main', networkPrefix: 'nalabo-network' });
    await expect(await asJson(request)).toMatchFileSnapshot(reviewed('network'));
  });

  it('the volumes is the reviewed one where the engine cannot hold sizes', async () => {
    await expect(await asJson(volumeOptions(spec, { instance: 'main', enforceSize: false }))).toMatchFileSnapshot(
      reviewed('volumes'),
    );
  });

  it('the volumes is the reviewed one where the engine holds sizes', async () => {
    await expect(await asJson(volumeOptions(spec, { instance: 'main', enforceSize: true }))).toMatchFileSnapshot(
      reviewed('volumes-with-size'),
    );
  });

  it('the workbench is the reviewed one', async () => {
    const request = workbenchOptions(spec, { instance: 'main', image: 'nalabo/workbench:dev', networkId: '1f2e3d' });
    await expect(await asJson(request)).toMatchFileSnapshot(reviewed('workbench'));
  });

  it.each(['LD_PRELOAD', 'GCONV_PATH', 'LOCPATH', 'BASH_ENV', 'BASH_FUNC_read%%', 'ENV', 'SHELLOPTS'])(
    'the workbench refuses %s, which reaches the keeper',
    (name) => {
      const surroundings = { instance: 'main', image: 'image', networkId: '1f' };
      expect(() => workbenchOptions({ ...spec, environment: { [name]: '/workspace/x' } }, surroundings)).toThrow(
        `environment variable ${name} is reserved`,
      );
    },
  );
});
