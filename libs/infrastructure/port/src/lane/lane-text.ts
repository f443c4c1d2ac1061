import { argvOf, executionMark, scriptInput } from '../command/command-request.js';
import type { CommandRun } from '../exec.js';

/** The kernel's limit is 131 071 bytes for one argument; beyond this a command goes by an exec of its own. */
const longestText = 96 * 1024;
const variableName = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;
/** A shell does not let these be set, or believes them. */
const shellVariables = new Set(['PPID', 'UID', 'EUID', 'BASHOPTS', 'SHELLOPTS', 'OPTIND', 'LINENO']);

/**
 * What a lane's shell is told first. Its own stderr leads nowhere, because it reports on the ends of its children; the
 * real one is its descriptor 3. All its names begin with `__`, which no name of a command's environment may.
 *
 * `__m token word` writes a marker. `__e token code` writes it behind a command, with `1` when another process still
 * holds the lane's output, by whatever descriptor. `__c token directory` changes to it. `__x token program…` becomes
 * the program as the leader of a session of its own. What it does not find at once in a folder of the system, another
 * shell looks up and reports on; both begin their complaints with the token.
 */
const laneFunctions = `exec 3>&2 2>/dev/null
__m() { printf '\\001%s%s;' "$1" "$2"; printf '\\001%s;' "$1" >&3; }
__e() {
  __h=0
  for __p in /proc/[0-9]*; do
    case $__p in "/proc/$$") continue ;; esac
    for __d in "$__p"/fd/*; do
      if [ "$__d" -ef "/proc/$$/fd/1" ] || [ "$__d" -ef "/proc/$$/fd/3" ]; then
        __h=1
        break 2
      fi
    done
  done
  __m "$1" "$2 $__h"
}
__c() {
  cd -- "$2" 2>/dev/null && unset OLDPWD && return
  printf "%s: 1: cd: can't cd to %s\\n" "$1" "$2" >&2
  exit 126
}
__x() {
  __t=$1
  shift
  case $1 in
    /usr/* | /bin/*) [ -f "$1" ] && [ -x "$1" ] && exec "$__s" "$@" ;;
    */*) ;;
    *)
      __p=$PATH:
      while [ -n "$__p" ]; do
        __d=\${__p%%:*} __p=\${__p#*:}
        case $__d in /usr/* | /bin | /sbin) ;; *) break ;; esac
        [ -f "$__d/$1" ] && [ -x "$__d/$1" ] && exec "$__s" "$@"
      done ;;
  esac
  exec "$__s" /bin/sh -c 'exec "$@"' "$__t" "$@"
}
`;

/** Whether the image has what a lane needs: setsid at a place of its own, and a `/proc` that shows who holds what. */
const laneTest = `for __s in /usr/bin/setsid /bin/setsid "$(command -v setsid)" ''; do [ -x "$__s" ] && break; done
case $__s in /*) [ "/proc/$$/fd/3" -ef "/proc/$$/fd/3" ] || __s= ;; *) __s= ;; esac
`;

/** The lane answers with its process id, and `1` when commands can be run in it. */
export function bootText(token: string): string {
  return `${laneFunctions}${laneTest}__m ${token} "$$ \${__s:+1}"\n`;
}

/** Whether the command's text can be written into a lane. */
export function fitsLane({ program, environment, workingDirectory, stdin }: CommandRun): boolean {
  if (stdin !== null) return false;
  const names = Object.keys(environment);
  if (!names.every((name) => variableName.test(name) && !shellVariables.has(name))) return false;
  const words = 'script' in program ? [program.script] : program;
  const texts = [...words, ...Object.values(environment), workingDirectory];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(quoted(text)), 0);
  return bytes <= longestText && texts.every((text) => !text.includes('\0'));
}

export interface LaneTokens {
  /** Ends the command's output. Known to the lane alone. */
  readonly end: string;
  /** Begins a complaint that the command could not be started. */
  readonly complaint: string;
}

/**
 * One command. The subshell keeps everything that it does to itself from the lane, and becomes the command. As long as
 * its closing bracket has not arrived the lane does nothing.
 */
export function commandText(command: CommandRun, { end, complaint }: LaneTokens): string {
  const { program, workingDirectory } = command;
  const environment = { ...command.environment, [executionMark]: command.executionId };
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  const words = argvOf(command).map(quoted).join(' ');
  const subshell = `( exec 2>&3 3>&-\n__c ${complaint} ${quoted(workingDirectory)}\n${exports.join('')}__x ${complaint} ${words}\n)`;
  const whole =
    'script' in program
      ? `printf '%s\\n' ${quoted(scriptInput(program.script))} | ${subshell}`
      : `${subshell} </dev/null`;
  return `${whole}\n__e ${end} $?\n`;
}

/** Asks again who holds the lane's output. */
export function lookText(token: string): string {
  return `__e ${token} 0\n`;
}

/** One of our own scripts, in the lane's shell itself: it must work when no process can be started any more. */
export function scriptText(script: string, parameters: readonly string[], token: string): string {
  const words = parameters.map((parameter) => ` ${quoted(parameter)}`).join('');
  return `set --${words}\n${script}\n__m ${token} $?\n`;
}

/** One word of the shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
