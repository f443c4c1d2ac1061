import type { PreflightFinding } from '@nalabo/contracts';
import { failed, ok, warning } from './finding.js';
import { reachExit, type ProbeState } from './probe-pods.js';

const image = 'workbench image';
const policies = 'network policies';
const started = ok(image, 'the cluster runs it');

/** What the end of the probe means, or where it stood when it was given up. */
export function reachFindings(end: ProbeState): readonly PreflightFinding[] {
  switch (end.step) {
    case 'unable':
      return [failed(image, end.reason), warning(policies, 'not tried: the probe cannot be started')];
    case 'waiting':
      return [
        warning(image, `not tried: the probe has not started: ${end.reason}`),
        warning(policies, `not tried: the probe has not started: ${end.reason}`),
      ];
    case 'reached':
      return [started, warning(policies, 'not found out: the probe has not ended in time')];
    case 'ended':
      return [started, policyFinding(end.exitCode)];
  }
}

function policyFinding(exitCode: number): PreflightFinding {
  switch (exitCode) {
    case reachExit.cutOff:
      return ok(policies, 'they are enforced: a policy has cut a pod off');
    case reachExit.neverCutOff:
      return failed(policies, 'they are not enforced: learners reach each other, the cluster and beyond');
    case reachExit.neverReached:
      return warning(policies, 'not found out: a pod reaches nothing here even without a policy');
    default:
      return warning(policies, `not found out: the probe has ended with ${exitCode}`);
  }
}
