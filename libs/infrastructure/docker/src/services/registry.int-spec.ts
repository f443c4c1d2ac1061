import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { aComposeModel, aService } from '@nalabo/infrastructure-port/conformance';
import { AppError } from '@nalabo/kernel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DockerClient } from '../engine/docker.client.js';
import type { ImagePull } from '../engine/image-pulls.js';
import { ServicesClient } from '../engine/services.client.js';
import { describeOnEngine } from '../testing/describe-on-engine.js';
import { TestTarget } from '../testing/test-target.js';
import { TestRegistry } from '../testing/test-registry.js';
import { ServiceImages } from './service-images.js';

const login = { username: 'puller', password: 'a-secret-password' };
const patience = (): AbortSignal => AbortSignal.timeout(60_000);

await describeOnEngine('the images of a registry with a login', (current) => {
  let registry: TestRegistry;
  let folder: string;
  let file: string;
  let pulls: ImagePull[];
  let images: ServiceImages;

  beforeEach(async () => {
    registry = new TestRegistry(login);
    await registry.start();
    folder = await mkdtemp(join(tmpdir(), 'nalabo-logins-'));
    file = join(folder, 'config.json');
    pulls = [];
    images = onEngine();
  });

  afterEach(async () => {
    const image = current().test.engine.docker.getImage(registry.reference);
    await image.remove().catch((error: unknown) => expect(error).toMatchObject({ statusCode: 404 }));
    await registry.stop();
    await rm(folder, { recursive: true });
  });

  /** What another process of the platform has. */
  function onEngine(): ServiceImages {
    const client = new DockerClient({
      dockerHost: `unix://${current().socketPath}`,
      registryAuthFile: file,
      onPull: (pull) => void pulls.push(pull),
    });
    return new ServiceImages(client, new ServicesClient(client.calls));
  }

  const signIn = (password: string, address = registry.address): Promise<void> => {
    const auth = Buffer.from(`${login.username}:${password}`).toString('base64');
    return writeFile(file, JSON.stringify({ auths: { [address]: { auth } } }));
  };

  async function refusal(): Promise<AppError> {
    const error: unknown = await images.resolve(registry.reference, patience()).catch((thrown: unknown) => thrown);
    if (!(error instanceof AppError)) return expect.fail(`not refused: ${inspect(error)}`);
    const told = inspect({ error, pulls }, { depth: 10, showHidden: true });
    for (const secret of [
      login.password,
      'wrong-password',
      Buffer.from(`${login.username}:`).toString('base64', 0, 6),
    ]) {
      expect(told).not.toContain(secret);
    }
    return error;
  }

  it('are pulled once for everybody who asks at once, and told of', async () => {
    await signIn(login.password);
    const both = await Promise.all([1, 2].map(() => images.resolve(registry.reference, patience())));
    expect(both.map(({ reference }) => reference)).toEqual([registry.digestReference, registry.digestReference]);
    expect(pulls).toEqual([
      { image: registry.reference, state: 'started', seconds: null },
      { image: registry.reference, state: 'pulled', seconds: expect.any(Number) },
    ]);
    await onEngine().resolve(registry.reference, patience());
    expect(pulls).toHaveLength(2);
  });

  it('are refused to a wrong login, and pulled as soon as the file has the right one', async () => {
    await signIn('wrong-password');
    expect(await refusal()).toMatchObject({ kind: 'unprocessable', publicMessage: expect.stringContaining('login') });
    await signIn(login.password);
    expect(await images.resolve(registry.reference, patience())).toMatchObject({ reference: registry.digestReference });
  });

  it('are not asked for with the login for another registry', async () => {
    await signIn(login.password, 'registry.example');
    expect(await refusal()).toMatchObject({ kind: 'unprocessable', publicMessage: expect.stringContaining('login') });
  });

  it('are not pulled when the logins cannot be read', async () => {
    expect(await refusal()).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('ENOENT') });
    await writeFile(file, `{ "auths": "${login.password}`);
    expect(await refusal()).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('is not JSON') });
  });

  it('are not there when a layer came damaged, although the engine had answered well', async () => {
    await signIn(login.password);
    registry.truncate();
    expect(await refusal()).toMatchObject({ kind: 'unavailable', publicMessage: expect.stringContaining('damaged') });
    expect(pulls.at(-1)).toMatchObject({ state: 'failed' });
  });

  it('are a step of their own in a session whose workshop needs one', async () => {
    await signIn(login.password);
    const steps: string[] = [];
    const test = new TestTarget(current().socketPath, {
      registryAuthFile: file,
      onStep: (step) => void steps.push(step),
    });
    const compose = aComposeModel(aService('web', { image: registry.reference }));
    const spec = test.newSpec({
      applied: { type: 'compose', compose, folders: {} },
      initial: { type: 'compose', compose, files: new Map() },
    });
    // There is no program in the image: no further step is done.
    await expect(test.target.lifecycle.ensure(spec, patience())).rejects.toMatchObject({ kind: 'unprocessable' });
    expect(steps).toEqual(['network', 'volumes', 'create', 'start', `image ${registry.reference}`]);
    expect(await test.leftovers()).toEqual([]);
  });
});
