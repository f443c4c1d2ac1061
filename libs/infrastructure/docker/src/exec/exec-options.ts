import type { ExecRequest, ShellRole } from '@nalabo/infrastructure-port';
import type Docker from 'dockerode';
import { checkerUser, learnerUser } from '../session/hardening-profile.js';

const cleanEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/nonexistent',
};

export interface ShellIdentity {
  readonly role: ShellRole;
  /** What the container was made with, as `NAME=value`. */
  readonly containerEnvironment: readonly string[];
}

export function execOptions(request: ExecRequest, identity: ShellIdentity): Docker.ExecCreateOptions {
  return {
    User: identity.role === 'checker' ? checkerUser : learnerUser,
    Env: [...baseEnvironment(identity), ...assignments(request.environment)],
    Cmd: [...request.argv],
    AttachStdin: request.hasInput,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  };
}

/**
 * A learner's command inherits the session's environment from the container. A checker's must not: whoever made the
 * session chose it. A name without a value takes a variable away.
 */
function baseEnvironment({ role, containerEnvironment }: ShellIdentity): readonly string[] {
  if (role === 'learner') return [];
  const inherited = containerEnvironment.map((assignment) => assignment.split('=')[0] ?? '');
  return [...inherited.filter((name) => !Object.hasOwn(cleanEnvironment, name)), ...assignments(cleanEnvironment)];
}

function assignments(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).map(([name, value]) => `${name}=${value}`);
}
