import type { AppliedObject } from '@nalabo/contracts';
import { startOrder } from '@nalabo/policy';
import type { AppliedModel, WorkspaceFiles } from '../apply.js';
import type { AppliedKind } from './object-error.js';
import type { HeldServices } from './service-host.js';
import { serviceDigest, serviceText } from './service-text.js';
import { unifiedDiff } from './unified-diff.js';

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
  const { current, wanted, held } = sources;
  const [networks, services] = [furtherNetworks(wanted), wanted?.compose.services ?? []];
  const [folders, volumes] = [Object.keys(wanted?.folders ?? {}), wanted?.compose.volumes ?? []];
  const made = [
    ...named('network', networks, held.networks),
    ...named('volume', volumes, held.volumes),
    ...named('folder', folders, Object.keys(current?.folders ?? {})),
    ...[...sources.files].flatMap(([path, content]) =>
      fileChange(path, content, sources.filesBefore.get(path) ?? null),
    ),
    ...startOrder(services).map((service) => serviceChange(service.name, sources)),
  ];
  const names = services.map(({ name }) => name);
  const gone = [
    ...superfluous('service', names, [...held.services.keys(), ...(current?.compose.services ?? []).map(nameOf)]),
    ...superfluous('network', networks, held.networks),
    ...superfluous('folder', folders, Object.keys(current?.folders ?? {})),
    ...superfluous('volume', volumes, held.volumes),
  ];
  return [...made, ...gone];
}

export function furtherNetworks(model: AppliedModel | null): readonly string[] {
  return model?.compose.networks.filter((name) => name !== ownNetwork) ?? [];
}

function serviceChange(name: string, { current, wanted, held }: PlanSources): AppliedObject {
  const [before, after] = [serviceOf(current, name), serviceOf(wanted, name)];
  const there = held.services.get(name);
  const isSame = after !== undefined && there?.digest === serviceDigest(after, wanted?.folders ?? {});
  if (isSame && there?.isWell) return change('service', name, 'unchanged');
  if (!there) return change('service', name, 'created');
  const diff = before && after && textDiff(serviceText(before), serviceText(after));
  return change('service', name, 'changed', diff);
}

function fileChange(path: string, content: string | null, before: string | null): readonly AppliedObject[] {
  if (content === before) return content === null ? [] : [change('file', path, 'unchanged')];
  if (content === null) return [change('file', path, 'removed')];
  if (before === null) return [change('file', path, 'created')];
  return [change('file', path, 'changed', textDiff(before, content))];
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

function textDiff(before: string, after: string): string | undefined {
  return before === after ? undefined : unifiedDiff(before, after);
}

function serviceOf(model: AppliedModel | null, wanted: string) {
  return model?.compose.services.find(({ name }) => name === wanted);
}

const nameOf = ({ name }: { readonly name: string }): string => name;
