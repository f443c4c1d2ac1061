export type { ExecEnd, ExecRequest, ExecStream, ExecTransport } from './command/exec-stream.js';
export type {
  AppliedModel,
  ApplyFacet,
  ApplyModel,
  ApplyPlan,
  ApplyRequest,
  ImageBuild,
  LogRequest,
  ManifestScope,
  ManifestsModel,
  ServicesModel,
  WorkspaceFiles,
} from './apply.js';
export type { ComposeModel, ComposeService, ManifestObject } from '@nalabo/policy';
export type {
  CommandEnd,
  CommandIo,
  CommandReport,
  CommandRun,
  ExecFacet,
  Script,
  Shell,
  ShellRole,
  Terminal,
  TerminalRequest,
  TerminalSize,
} from './exec.js';
export type { DescribeFacet, InfrastructureTarget, LifecycleFacet, ObserveFacet } from './facets.js';
export { furtherNetworks, ownNetwork } from './services/plan-services.js';
export { ObjectError, onObject } from './services/object-error.js';
export { buildDigest, builtImageName } from './services/built-image.js';
export { Differences } from './services/differences.js';
export { serviceDigest } from './services/service-text.js';
export type { HeldService, HeldServices, ServiceHost, ServicesWork } from './services/service-host.js';
export { claimFolders } from './services/claim-folders.js';
export { bringsServices, InitialServices } from './services/initial-services.js';
export type { BroughtSpec } from './services/initial-services.js';
export { ServicesApply } from './services/services-apply.js';
export { ScriptRunner } from './command/script-runner.js';
export { ExecShell } from './command/exec-shell.js';
export { LaneShell } from './lane/lane-shell.js';
export { MemoryBackend } from './memory/memory-backend.js';
export { MemoryTarget } from './memory/memory-target.js';
export type { MemoryTargetOptions } from './memory/memory-target.js';
export { absent } from './observation.js';
export type { Observation, OwnedObject, Probe, ServiceState, UsageSample } from './observation.js';
export {
  folderVolumeCount,
  isOwned,
  managedBy,
  ownedIdentity,
  ownershipOf,
  prefixedLabels,
  sessionObjectName,
} from './ownership.js';
export type { OwnedIdentity, Ownership, OwnershipKey } from './ownership.js';
export type { SessionRef } from './reference.js';
export type { SessionSpec } from './session-spec.js';
export { furtherNetworkCount, subnetCount, subnetIndexOf, subnetOf, subnetPool } from './subnets.js';
export { TargetRegistry } from './target-registry.js';
export { parseTargetSettings } from './target-settings.js';
export type { KnownSettings, TargetSettings } from './target-settings.js';
export { loadTargets } from './load-targets.js';
export type { TargetKindFactory, TargetSources } from './load-targets.js';
export { ExecTerminal } from './terminal/exec-terminal.js';
export type { TerminalExec, TerminalTransport } from './terminal/terminal-transport.js';
