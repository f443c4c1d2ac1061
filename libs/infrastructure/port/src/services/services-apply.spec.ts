import type { AppliedObject } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import type { ComposeService } from '@nalabo/policy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputOf } from '../conformance/run-command.js';
import { specFactory } from '../conformance/spec-factory.js';
import { MemoryBackend } from '../memory/memory-backend.js';
import type { MemoryObject } from '../memory/memory-object.js';
import { MemoryTarget } from '../memory/memory-target.js';
import type { AppliedModel } from '../apply.js';
import type { SessionSpec } from '../session-spec.js';
import { aComposeModel, anAppliedModel, aService } from './services.cases.js';

/** Tells when an object has just been made. */
class WatchedBackend extends MemoryBackend {
  onAdded: (object: MemoryObject) => void = () => undefined;

  override addObject(object: MemoryObject): void {
    super.addObject(object);
    this.onAdded(object);
  }
}

/** Every step runs commands that are real processes. */
const timeout = 60_000;
const newSpec = specFactory(0);
const signal = (): AbortSignal => AbortSignal.timeout(20_000);

let backend: WatchedBackend;
let target: MemoryTarget;
let spec: SessionSpec;

beforeEach(async () => {
  backend = new WatchedBackend();
  target = new MemoryTarget({ backend });
  spec = newSpec();
  await target.lifecycle.ensure(spec, signal());
});
afterEach(async () => {
  backend.faults.unavailable = false;
  await target.lifecycle.destroy(spec, signal());
});

async function apply(services: readonly ComposeService[], limit = signal()): Promise<readonly AppliedObject[]> {
  const model = { type: 'compose', compose: aComposeModel(...services), files: new Map() } as const;
  const plan = await target.apply.plan(spec, { model, current: null, limits: spec.limits }, signal());
  return target.apply.apply(plan, limit);
}

const services = (): readonly string[] => backend.allObjects().flatMap(({ name }) => /-s-(.+)$/.exec(name)?.[1] ?? []);

describe('an apply of services that fails', { timeout }, () => {
  const two = [aService('a'), aService('b')];

  it('says so when what was before cannot be brought back', async () => {
    backend.onAdded = () => (backend.faults.unavailable = true);
    const [a, b] = await apply(two);
    expect(a).toMatchObject({ action: 'failed', message: expect.stringContaining('not applied, because service b') });
    expect(b?.message).toMatch(/what was before could not be brought back: /);
  });

  it('touches nothing any more when the session was taken away', async () => {
    const executor = new AbortController();
    backend.onAdded = () => executor.abort(new AppError('gone', 'the session ends'));
    const objects = await apply(two, executor.signal);
    expect(objects.map(({ action }) => action)).toEqual(['failed', 'failed']);
    expect(objects[0]).toMatchObject({
      message: expect.stringContaining('no longer ours to change'),
      unrestored: true,
    });
    expect(services()).toEqual(['a']);
  });

  it('brings everything back when only its time was over', async () => {
    const executor = new AbortController();
    backend.onAdded = () => executor.abort(new DOMException('too late', 'TimeoutError'));
    const objects = await apply(two, executor.signal);
    expect(objects.map(({ action, unrestored }) => [action, unrestored])).toEqual([
      ['failed', undefined],
      ['failed', undefined],
    ]);
    expect(services()).toEqual([]);
  });

  it('is an error when it has not begun', async () => {
    await expect(apply(two, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(services()).toEqual([]);
  });
});

const mounting = (folder: string): ComposeService => {
  const source = { kind: 'folder', folder } as const;
  return aService('web', { mounts: [{ source, target: '/srv', readOnly: false }] });
};

describe('an apply after one that was cut off', { timeout }, () => {
  const path = 'html/index.html';
  async function applyFolder(folder: string, current: AppliedModel | null, files = new Map<string, string>()) {
    const model = { type: 'compose', compose: aComposeModel(mounting(folder)), files } as const;
    const plan = await target.apply.plan(spec, { model, current, limits: spec.limits }, signal());
    expect((await target.apply.apply(plan, signal())).map(({ action }) => action)).not.toContain('failed');
    return plan.applied;
  }
  const textOf = async (file: string): Promise<string | null | undefined> => {
    const model = { type: 'compose', compose: aComposeModel(), files: new Map([[file, '']]) } as const;
    const plan = await target.apply.plan(spec, { model, current: null, limits: spec.limits }, signal());
    return plan.filesBefore.get(file);
  };

  it('takes nothing out of a volume that its folder still has', async () => {
    await applyFolder('html', null, new Map([[path, 'mine']]));
    await applyFolder('html', anAppliedModel({ site: 0 }, mounting('site')));
    expect(await textOf(path)).toBe('mine');
    expect(await textOf('site/index.html')).toBeNull();
  });

  it('gives a folder its volume back', async () => {
    const before = await applyFolder('html', null, new Map([[path, 'mine']]));
    const after = await applyFolder('site', before, new Map([['site/index.html', 'other']]));
    expect(await applyFolder('html', after)).toMatchObject({ folders: { html: 0 } });
    expect([await textOf(path), await textOf('site/index.html')]).toEqual(['mine', 'other']);
  });
});

describe(
  'an apply in a workspace in which the learner has put something into the place of a folder',
  { timeout },
  () => {
    const says = async (script: string): Promise<string> => {
      const shell = await target.exec.open(spec);
      try {
        return await outputOf(shell, script);
      } finally {
        await shell.close();
      }
    };
    const planFolder = (folder: string, current: AppliedModel | null) => {
      const model = { type: 'compose', compose: aComposeModel(mounting(folder)), files: new Map() } as const;
      return target.apply.plan(spec, { model, current, limits: spec.limits }, signal());
    };

    it.each([
      ['another link', 'ln -s /etc html'],
      ['a link to the volume of another folder', 'ln -s .folders/3 html'],
      ['a file', 'touch html'],
    ])('is refused for %s, until it is gone', async (_, put) => {
      const plan = await planFolder('html', null);
      await target.apply.apply(plan, signal());
      await says(`rm html && ${put}`);
      const refused = { kind: 'unprocessable', publicMessage: expect.stringContaining('In the place of html') };
      // Whether the folder is mounted on, or moves back.
      await expect(planFolder('html', plan.applied)).rejects.toMatchObject(refused);
      await expect(planFolder('site', plan.applied)).rejects.toMatchObject(refused);
      await says('rm html');
      const objects = await target.apply.apply(await planFolder('site', plan.applied), signal());
      expect(objects.map(({ action }) => action)).not.toContain('failed');
    });
  },
);
