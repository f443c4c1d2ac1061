import type { AppliedModel, WorkspaceFiles } from '../apply.js';
import type { ExecFacet } from '../exec.js';
import { onObject } from './object-error.js';
import { inWorkspace } from './open-workspace.js';
import type { ServiceHost, ServicesWork } from './service-host.js';
import type { SessionWorkspace } from './session-workspace.js';

/** How folders and files of a workspace are to be arranged for services. */
export interface ServicesGoal {
  /** What the workspace was arranged for before. */
  readonly from: AppliedModel | null;
  readonly files: WorkspaceFiles;
}

/** Makes a session hold what the work wants and nothing else, with its folders and files, whatever it holds now. */
export async function reachGoal(
  host: ServiceHost,
  exec: Pick<ExecFacet, 'open'>,
  { from, files }: ServicesGoal,
  work: ServicesWork,
): Promise<void> {
  await host.clear(work);
  await inWorkspace(exec, work, async (workspace) => {
    await moveFolders(workspace, from?.folders ?? {}, work.wanted?.folders ?? {});
    for (const [path, content] of files) await onObject('file', path, () => workspace.write(path, content));
  });
  await host.build(work);
  await host.sweep(work);
}

type Folders = AppliedModel['folders'];

async function moveFolders(workspace: SessionWorkspace, from: Folders, to: Folders): Promise<void> {
  const { links } = await workspace.look(Object.keys(to));
  // The former goal may not have been reached: then the volume still holds what belongs to the other folder.
  const isHeld = (index: number): boolean =>
    Object.entries(to).some(([folder, wanted]) => wanted === index && links[folder] === index);
  for (const [folder, index] of Object.entries(from)) {
    if (to[folder] !== index && !isHeld(index))
      await onObject('folder', folder, () => workspace.release(folder, index));
  }
  // Those that stay are looked at too: the learner may have taken the link away.
  for (const [folder, index] of Object.entries(to)) {
    await onObject('folder', folder, () => workspace.claim(folder, index));
  }
}
