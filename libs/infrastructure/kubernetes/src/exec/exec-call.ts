import { pathOf, resources } from '../cluster/kube-resource.js';

/** A container of a pod. */
export interface ExecContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** One exec in it. */
export interface ExecCall extends ExecContainer {
  /** Written to audit logs and shown in lists of processes: nothing of a learner's may be in it. */
  readonly command: readonly string[];
  /** A terminal has one output stream only. */
  readonly isTerminal: boolean;
}

export function execUrl(server: string, { namespace, pod, container, command, isTerminal }: ExecCall): URL {
  const url = new URL(`${server}${pathOf(resources.pod, { namespace, name: pod })}/exec`);
  const streams = { stdin: 'true', stdout: 'true', stderr: String(!isTerminal), tty: String(isTerminal) };
  url.search = new URLSearchParams({ container, ...streams }).toString();
  for (const argument of command) url.searchParams.append('command', argument);
  return url;
}
