export type { ComposeContext } from './compose/compose-context.js';
export type {
  ComposeModel,
  ComposeService,
  Dependency,
  Endpoint,
  HealthCheck,
  Mount,
  MountSource,
  ServiceLimits,
  ServiceNetwork,
  ServiceUser,
  StopSignal,
  Ulimit,
  UlimitName,
} from './compose/compose-model.js';
export { judgeModel } from './compose/judge-model.js';
export { isSystemPath } from './compose/paths.js';
export { readCompose } from './compose/read-compose.js';
export type { ComposeNote, ReadCompose } from './compose/read-compose.js';
export { startOrder } from './compose/start-order.js';
export { describeRules } from './describe-rules.js';
export type { RuleChapter, RuleDescription, RuleSection } from './describe-rules.js';
export { parseManifests } from './manifests/parse-manifests.js';
export type { ParsedManifests } from './manifests/parse-manifests.js';
export type { ManifestObject } from './manifests/manifest-object.js';
export { judgeObjects } from './manifests/judge-objects.js';
export { manifestLimits, readManifests } from './manifests/read-manifests.js';
export { manifestPolicy } from './manifests/manifest-policy.js';
export type { ManifestContext, NamespaceContext, VirtualContext } from './manifests/manifest-context.js';
export { mostViolations } from './violation.js';
export type { PolicyViolation } from './violation.js';
export type {
  Command,
  CopyStep,
  DockerfileContext,
  DockerfileModel,
  NamedValue,
  Stage,
  Step,
} from './dockerfile/dockerfile-model.js';
export { baseImageOf, imageServiceName, serviceOfImage } from './dockerfile/image-service.js';
export type { DockerfileRule, DockerfileRules } from './dockerfile/dockerfile-rule.js';
export { dockerfileRuleGroups, instructionTable } from './dockerfile/instruction-table.js';
export type { InstructionRule } from './dockerfile/instruction-table.js';
export { judgeBases } from './dockerfile/judge-bases.js';
export { readDockerfile } from './dockerfile/read-dockerfile.js';
export type { DockerfileNote, ReadDockerfile } from './dockerfile/read-dockerfile.js';
export { writeDockerfile } from './dockerfile/write-dockerfile.js';
