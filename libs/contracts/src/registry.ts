import { createSession } from './messages/provisioner/create-session.v1.js';
import { getSession } from './messages/provisioner/get-session.v1.js';
import { listSessions } from './messages/provisioner/list-sessions.v1.js';
import { deleteSession } from './messages/provisioner/delete-session.v1.js';
import { endSession } from './messages/provisioner/end-session.v1.js';
import { extendSession } from './messages/provisioner/extend-session.v1.js';
import { resolveSession } from './messages/provisioner/resolve-session.v1.js';
import { listDeadlines } from './messages/provisioner/list-deadlines.v1.js';
import { listWorkshops } from './messages/provisioner/list-workshops.v1.js';
import { getWorkshop } from './messages/provisioner/get-workshop.v1.js';
import { getWorkshopChecks } from './messages/provisioner/get-workshop-checks.v1.js';
import { putWorkshop } from './messages/provisioner/put-workshop.v1.js';
import { deleteWorkshop } from './messages/provisioner/delete-workshop.v1.js';
import { beginApply } from './messages/provisioner/begin-apply.v1.js';
import { renewApply } from './messages/provisioner/renew-apply.v1.js';
import { endApply } from './messages/provisioner/end-apply.v1.js';
import { listTargets } from './messages/provisioner/list-targets.v1.js';
import { runCommand } from './messages/executor/run-command.v1.js';
import { getExecution } from './messages/executor/get-execution.v1.js';
import { joinExecution } from './messages/executor/join-execution.v1.js';
import { cancelExecution } from './messages/executor/cancel-execution.v1.js';
import { listExecutions } from './messages/executor/list-executions.v1.js';
import { runApply } from './messages/executor/run-apply.v1.js';
import { listApplies } from './messages/executor/list-applies.v1.js';
import { rollbackApply } from './messages/executor/rollback-apply.v1.js';
import { attachTerminal } from './messages/executor/attach-terminal.v1.js';
import { turnTerminal } from './messages/executor/turn-terminal.v1.js';
import { detachTerminal } from './messages/executor/detach-terminal.v1.js';
import { listTerminals } from './messages/executor/list-terminals.v1.js';
import { endTerminal } from './messages/executor/end-terminal.v1.js';
import { runChecks } from './messages/executor/run-checks.v1.js';
import { listChecks } from './messages/executor/list-checks.v1.js';
import { openLog } from './messages/executor/open-log.v1.js';
import { keepLog } from './messages/executor/keep-log.v1.js';
import { closeLog } from './messages/executor/close-log.v1.js';
import { getKubeconfig } from './messages/executor/get-kubeconfig.v1.js';
import { sessionMetrics } from './messages/monitor/session-metrics.v1.js';
import { sessionHealth } from './messages/monitor/session-health.v1.js';
import { verifyAbsence } from './messages/monitor/verify-absence.v1.js';
import { targetHealth } from './messages/monitor/target-health.v1.js';
import { getReceipt } from './messages/cleanup/get-receipt.v1.js';
import { sessionRequested } from './messages/events/session-requested.v1.js';
import { sessionProvisioning } from './messages/events/session-provisioning.v1.js';
import { sessionReady } from './messages/events/session-ready.v1.js';
import { sessionRestarted } from './messages/events/session-restarted.v1.js';
import { sessionExtended } from './messages/events/session-extended.v1.js';
import { sessionTerminating } from './messages/events/session-terminating.v1.js';
import { sessionTerminated } from './messages/events/session-terminated.v1.js';
import { sessionVerified } from './messages/events/session-verified.v1.js';
import { sessionLeaked } from './messages/events/session-leaked.v1.js';
import { executionFinished } from './messages/events/execution-finished.v1.js';
import { checkFinished } from './messages/events/check-finished.v1.js';
import { sessionApplied } from './messages/events/session-applied.v1.js';

/** The only list of messages. What is not here can be neither sent nor handled. */
export const rpcs = {
  provisioner: {
    createSession,
    getSession,
    listSessions,
    deleteSession,
    endSession,
    extendSession,
    resolveSession,
    listDeadlines,
    listWorkshops,
    getWorkshop,
    getWorkshopChecks,
    putWorkshop,
    deleteWorkshop,
    listTargets,
    beginApply,
    renewApply,
    endApply,
  },
  executor: {
    runCommand,
    getExecution,
    listExecutions,
    joinExecution,
    cancelExecution,
    runApply,
    listApplies,
    rollbackApply,
    runChecks,
    listChecks,
    getKubeconfig,
    openLog,
    keepLog,
    closeLog,
    attachTerminal,
    turnTerminal,
    detachTerminal,
    listTerminals,
    endTerminal,
  },
  monitor: { sessionMetrics, sessionHealth, verifyAbsence, targetHealth },
  cleanup: { getReceipt },
} as const;

export const facts = {
  sessionRequested,
  sessionProvisioning,
  sessionReady,
  sessionRestarted,
  sessionExtended,
  sessionTerminating,
  sessionTerminated,
  sessionVerified,
  sessionLeaked,
  executionFinished,
  checkFinished,
  sessionApplied,
} as const;

export const allRpcs = Object.values(rpcs).flatMap((messages) => Object.values(messages));
export const allFacts = Object.values(facts);
