import type { AppliedObject } from '@nalabo/contracts';
import { startOrder } from '@nalabo/policy';
import type { AppliedModel, WorkspaceFiles } from '../apply.js';
import { Differences } from './differences.js';
import type { AppliedKind } from './object-error.js';
import type { HeldServices } from './service-host.js';
import { serviceDigest, serviceText } from './service-text.js';

/** The network of a session itself, in which the workbench is: it comes and goes with the session. */
export const ownNetwork = 'default';

export interface PlanSources {
  readonly current: AppliedModel | null;
  readonly wanted: AppliedModel | null;
  readonly held: HeldServices;
  readonly files: WorkspaceFiles;
  readonly filesBefore: WorkspaceFiles;
}

type Action = 'created' | 'changed' | 'unchanged' | 'removed';

/** What becomes of each object, in the order in which it does. */
export function planServices(sources: PlanSources): readonly AppliedObject[] {
  const { held, files, filesBefore } = sources;
  const differences = new Differences();
  const [before, wanted] = [namesIn(sources.current), namesIn(sources.wanted)];
  const made = [
    ...named('network', wanted.networks, held.networks),
    ...named('volume', wanted.volumes, held.volumes),
    ...named('folder', wanted.folders, before.folders),
    ...[...files].flatMap(([path, content]) => fileChange(path, content, filesBefore.get(path) ?? null, differences)),
    ...wanted.services.map((name) => serviceChange(name, sources, differences)),
  ];
  const gone = [
    ...superfluous('service', wanted.services, [...held.services.keys(), ...before.services]),
    ...superfluous('network', wanted.networks, held.networks),
    ...superfluous('folder', wanted.folders, before.folders),
    ...superfluous('volume', wanted.volumes, held.volumes),
  ];
  return [...made, ...gone];
}

function namesIn(model: AppliedModel | null) {
  return {
    services: startOrder(model?.compose.services ?? []).map(({ name }) => name),
    networks: furtherNetworks(model),
    volumes: model?.compose.volumes ?? [],
    folders: Object.keys(model?.folders ?? {}),
  };
}

export function furtherNetworks(model: AppliedModel | null): readonly string[] {
  return model?.compose.networks.filter((name) => name !== ownNetwork) ?? [];
}

function serviceChange(name: string, { current, wanted, held }: PlanSources, differences: Differences): AppliedObject {
  const there = held.services.get(name);
  if (!there) return change('service', name, 'created');
  if (there.isWell && there.digest === digestIn(wanted, name)) return change('service', name, 'unchanged');
  return change('service', name, 'changed', textDiff(textIn(current, name), textIn(wanted, name), differences));
}

function fileChange(
  path: string,
  content: string | null,
  before: string | null,
  differences: Differences,
): readonly AppliedObject[] {
  if (content === before) return content === null ? [] : [change('file', path, 'unchanged')];
  if (content === null) return [change('file', path, 'removed')];
  if (before === null) return [change('file', path, 'created')];
  return [change('file', path, 'changed', textDiff(before, content, differences))];
}

function named(kind: AppliedKind, wanted: readonly string[], held: readonly string[]): readonly AppliedObject[] {
  return wanted.map((name) => change(kind, name, held.includes(name) ? 'unchanged' : 'created'));
}

function superfluous(kind: AppliedKind, wanted: readonly string[], held: readonly string[]): readonly AppliedObject[] {
  return [...new Set(held)].filter((name) => !wanted.includes(name)).map((name) => change(kind, name, 'removed'));
}

function change(kind: AppliedKind, name: string, action: Action, diff?: string): AppliedObject {
  return { apiVersion: null, kind, name, namespace: null, action, ...(diff === undefined ? {} : { diff }) };
}

function textDiff(before: string | undefined, after: string | undefined, differences: Differences): string | undefined {
  if (before === undefined || after === undefined || before === after) return undefined;
  return differences.between(() => [before, after]);
}

function digestIn(model: AppliedModel | null, name: string): string | undefined {
  const service = serviceIn(model, name);
  return service && model ? serviceDigest(service, model.folders) : undefined;
}

function textIn(model: AppliedModel | null, name: string): string | undefined {
  const service = serviceIn(model, name);
  return service && serviceText(service);
}

function serviceIn(model: AppliedModel | null, wanted: string) {
  return model?.compose.services.find(({ name }) => name === wanted);
}
