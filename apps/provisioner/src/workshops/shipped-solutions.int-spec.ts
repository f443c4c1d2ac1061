import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgeCompose } from './judge-compose.js';
import { readWorkshop } from './read-workshop.js';
import { type WorkshopFile, workshopFileSchema } from './workshop-file.js';

const shipped = join(import.meta.dirname, '../../../../workshops');
let workspace: string;

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'nalabo-workspace-'));
});
afterEach(() => rm(workspace, { recursive: true }));

/** Takes a step of the solution, as the workbench would but in another folder. */
function solve(workshop: WorkshopFile, step: string): void {
  const script = readFileSync(join(shipped, workshop.id, 'solution.sh'), 'utf8');
  const elsewhere = script.replaceAll('/workspace', workspace);
  execFileSync('sh', ['-s', '--', step], { input: elsewhere, stdio: ['pipe', 'ignore', 'inherit'] });
}

describe.each(['compose-web', 'write-compose'])('the solution of %s', (id) => {
  it('leaves a Compose file that keeps the rules after each of its steps', async () => {
    const workshop = await readWorkshop(join(shipped, id, 'workshop.yaml'));
    for (const path of Object.keys(workshop.compose?.files ?? {})) {
      await cp(join(shipped, id, path), join(workspace, path));
    }
    for (const check of workshop.checks) {
      solve(workshop, check.id);
      expect(existsSync(join(workspace, 'compose.yaml'))).toBe(true);
      const text = readFileSync(join(workspace, 'compose.yaml'), 'utf8');
      const solved = workshopFileSchema.parse({ ...workshop, compose: { text } });
      expect(() => judgeCompose(solved), check.id).not.toThrow();
    }
  });
});
