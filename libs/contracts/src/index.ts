export { defineRpc, defineSessionFact } from './define.js';
export type { PayloadOf, ReplyOf, RequestOf, Rpc, SessionFact } from './define.js';
export { envelopeSchema } from './envelope.js';
export type { Envelope } from './envelope.js';
export { createdKeySchema, createKeySchema, keyViewSchema } from './http/api-keys.js';
export type { CreatedKey, CreateKey, KeyView } from './http/api-keys.js';
export type { StoredModel } from './applied-model.js';
export {
  applyConfigurationSchema,
  applyFilesSchema,
  applySummarySchema,
  applyViewSchema,
  applyWaits,
} from './http/apply-configuration.js';
export type {
  ActionCounts,
  AppliedObject,
  ApplyConfiguration,
  ApplyFiles,
  ApplyNote,
  ApplySummary,
  ApplyView,
  ConfigurationType,
} from './http/apply-configuration.js';
export {
  checkDefinitionSchema,
  checkIdSchema,
  checkLimits,
  checkPatternFlags,
  longestSecondsOf,
} from './http/check-definition.js';
export type { CheckDefinition } from './http/check-definition.js';
export { checkOutcomeSchema, checkRunViewSchema, checkStandingSchema, checkWaits } from './http/check-views.js';
export type { CheckOutcome, CheckResult, CheckRunView, CheckStanding } from './http/check-views.js';
export { createSessionSchema, durationSchema, extendSessionSchema } from './http/create-session.js';
export type { CreateSession, ExtendSession } from './http/create-session.js';
export { commandSchema, executeCommandSchema } from './http/execute-command.js';
export type { Command, ExecuteCommand } from './http/execute-command.js';
export { idempotencySchema } from './http/idempotency.js';
export type { Idempotency } from './http/idempotency.js';
export { commandWaits, httpLimits } from './http/limits.js';
export { errorReplySchema, httpStatusByKind, problemSchema } from './http/problem.js';
export type { ErrorReply, Problem } from './http/problem.js';
export { serviceLogLimits } from './http/service-log.js';
export {
  createdTicketSchema,
  createTicketSchema,
  terminalEndSchema,
  terminalIdSchema,
  terminalLimits,
  terminalModeSchema,
  terminalSizeSchema,
  terminalViewSchema,
} from './http/terminal.js';
export type {
  CreatedTicket,
  CreateTicket,
  TerminalEnd,
  TerminalMode,
  TerminalSize,
  TerminalView,
} from './http/terminal.js';
export {
  terminalClientMessageSchema,
  terminalCloseReasonSchema,
  terminalProtocol,
  terminalServerMessageSchema,
} from './http/terminal-protocol.js';
export type { TerminalClientMessage, TerminalCloseReason, TerminalServerMessage } from './http/terminal-protocol.js';
export { environmentSchema, processTextSchema } from './http/text.js';
export { putWorkshopSchema, workshopContentSchema, workshopIdSchema, workshopLimits } from './http/workshop-content.js';
export type { PutWorkshop, WorkshopContent } from './http/workshop-content.js';
export { outputFrameLimits, outputFrameSchema, outputStreamSchema } from './output-frame.js';
export type { OutputFrame, OutputStream } from './output-frame.js';
export { allFacts, allRpcs, facts, rpcs } from './registry.js';
export { serviceLogFrameBytes, serviceLogFrameSchema, serviceLogMilliseconds } from './service-log-frame.js';
export type { ServiceLogEnd, ServiceLogFrame } from './service-log-frame.js';
export {
  deadLetterStream,
  deadLetterSubject,
  factFilter,
  factStream,
  factSubject,
  instanceSubject,
  outputSubject,
} from './subjects.js';
export { terminalFrameBytes, terminalFrameSchema, terminalTurnMilliseconds } from './terminal-frame.js';
export type { TerminalFrame } from './terminal-frame.js';
export {
  executionStateSchema,
  executionViewSchema,
  healthViewSchema,
  metricsViewSchema,
  pageSchema,
  receiptViewSchema,
  sessionViewSchema,
  targetHealthSchema,
  targetViewSchema,
  usageSchema,
  workshopViewSchema,
} from './views.js';
export type {
  ExecutionView,
  HealthView,
  MetricsView,
  PreflightReport,
  ReceiptView,
  SessionView,
  TargetHealth,
  TargetView,
  Usage,
  WorkshopView,
} from './views.js';
export {
  actorSchema,
  capabilityNames,
  endReasonSchema,
  executionIdSchema,
  infrastructureObjectSchema,
  infrastructureTypeSchema,
  outcomeSchema,
  preflightFindingSchema,
  roleSchema,
  serviceNames,
  sessionIdSchema,
  isolationSchema,
  sessionStateSchema,
  shownStateSchema,
  targetKindSchema,
} from './vocabulary.js';
export type {
  Actor,
  Capabilities,
  Capability,
  CapabilityName,
  Endpoint,
  EndReason,
  InfrastructureObject,
  InfrastructureType,
  Isolation,
  Limits,
  Outcome,
  PreflightFinding,
  ProgressStep,
  RemovedObject,
  Resources,
  Role,
  ServiceName,
  SessionState,
  ShownState,
  StorageReport,
  TargetKind,
} from './vocabulary.js';
