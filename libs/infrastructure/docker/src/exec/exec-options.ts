import type { CommandRun, ShellRole } from '@nalabo/infrastructure-port';
import type Docker from 'dockerode';
import { checkerUser, learnerUser } from '../session/hardening-profile.js';

/** In the environment of every process of a command, unless it takes it off. */
export const executionMark = 'NALABO_EXECUTION';

/**
 * Says which process group the command runs in, then becomes the command. The notice goes to stderr before the learner
 * has any say: nothing is left in the session, and no other command can forge it because nobody knows the token.
 * The shell begins its own complaints with the token too, which is how a failed start is told from a failed command.
 */
const startScript = 'echo "$0 $$" >&2; cd -- "$1" || exit 126; unset OLDPWD; shift; exec "$@"';

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

/** @param token Random and unguessable: what begins with it was written by our own shell. */
export function commandOptions(command: CommandRun, identity: ShellIdentity, token: string): Docker.ExecCreateOptions {
  return {
    User: userOf(identity.role),
    Env: [
      ...baseEnvironment(identity),
      ...assignments(command.environment),
      ...assignments({ [executionMark]: command.executionId }),
    ],
    Cmd: ['sh', '-c', startScript, token, command.workingDirectory, ...command.argv],
    AttachStdin: command.stdin !== null,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  };
}

/** An exec that runs one of our own scripts as the same user; it carries no mark, so it never kills itself. */
export function scriptOptions(
  identity: ShellIdentity,
  script: string,
  parameters: readonly string[],
): Docker.ExecCreateOptions {
  return {
    User: userOf(identity.role),
    Env: [...baseEnvironment(identity)],
    Cmd: ['sh', '-c', script, 'sh', ...parameters],
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  };
}

function userOf(role: ShellRole): string {
  return role === 'checker' ? checkerUser : learnerUser;
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
