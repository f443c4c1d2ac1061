import type { ConfigurationType } from '@nalabo/contracts';
import type { AppliedModel, ApplyModel, ComposeModel, ManifestsModel } from '@nalabo/infrastructure-port';

/** What a session held at some moment; null for nothing. */
export type HeldModel = ManifestsModel | AppliedModel | null;

/** What a session held before one of its applies, as it is stored with it. */
export interface HeldBefore {
  readonly type: ConfigurationType;
  readonly model: HeldModel;
  /** What the files that came with the apply held; null for a file that was not there. */
  readonly files: Readonly<Record<string, string | null>>;
}

const noServices: ComposeModel = { services: [], networks: [], volumes: [], folders: [] };

/** The model that brings back what a session held. */
export function modelBefore({ type, model, files }: HeldBefore): ApplyModel {
  if (type === 'yaml') return { type, objects: model?.type === 'yaml' ? model.objects : [] };
  const { compose, build } = model?.type === 'compose' ? model : { compose: noServices };
  return { type: 'compose', compose, ...(build ? { build } : {}), files: new Map(Object.entries(files)) };
}
