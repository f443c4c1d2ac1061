import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderChart, type HelmSettings } from './render-chart.js';

const request = {
  chart: 'oci://registry.example.org/vcluster',
  version: '0.36.1',
  kubernetesVersion: 'v1.34.4',
  namespace: 'some-namespace',
  values: { telemetry: { enabled: false } },
};

/** Programs are started and waited for. */
describe('helm', { timeout: 30_000 }, () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nalabo-render-chart-spec-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A program in the place of helm. */
  async function helm(script: string, timeLimitMs = 10_000): Promise<HelmSettings> {
    const path = join(folder, 'helm');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return { environment: { PATH: `${folder}:/usr/bin:/bin`, SECRET: 'of the platform' }, timeLimitMs };
  }

  it('is given the values on its input, and the chart after all options', async () => {
    const settings = await helm('echo "$@"; cat');
    await expect(renderChart(request, settings)).resolves.toBe(
      'template --namespace some-namespace --kube-version v1.34.4 --version 0.36.1 --values - ' +
        '-- vcluster oci://registry.example.org/vcluster\n{"telemetry":{"enabled":false}}',
    );
  });

  it('sees nothing of the environment but the way out, and keeps its files in a folder that goes with it', async () => {
    const settings = await helm('touch "$HELM_CACHE_HOME.seen" "$HOME/seen" && echo "$HOME" && env');
    const [home = '', ...environment] = (await renderChart(request, settings)).split('\n');
    expect(environment.join('\n')).not.toContain('of the platform');
    await expect(readdir(home)).rejects.toThrow('ENOENT');
  });

  it.each([
    [
      'fails to fetch the chart',
      'echo "Error: failed to perform fetch: connection refused" >&2; exit 1',
      'unavailable',
    ],
    ['does not find the chart', 'echo "Error: path not found" >&2; exit 1', 'unavailable'],
    [
      'refuses the values',
      'echo "Error: values don\'t meet the specifications of the schema(s)" >&2; exit 1',
      'unprocessable',
    ],
    ['ends without reading the values', 'exec 0<&-; exit 3', 'unavailable'],
  ])('that %s is told as what it is', async (_, script, kind) => {
    await expect(renderChart(request, await helm(script))).rejects.toMatchObject({ kind });
  });

  it('that is missing is told as unavailable', async () => {
    const rendering = renderChart(request, { environment: { PATH: folder } });
    await expect(rendering).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('helm is not on the PATH'),
    });
  });

  it('is ended when its time is over', async () => {
    const rendering = renderChart(request, await helm('exec sleep 60', 200));
    await expect(rendering).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('no answer within 200 ms'),
    });
  });

  it('is killed when it does not end', async () => {
    const rendering = renderChart(request, await helm('trap "" TERM; while :; do sleep 0.1; done', 200));
    await expect(rendering).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('is ended when it says too much', async () => {
    const rendering = renderChart(request, await helm('exec yes'));
    await expect(rendering).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('bytes of output'),
    });
  });
});
