import { executionMark } from './command-request.js';

/**
 * Scripts that end a command, run as its own user. They use builtins only and start no process: a learner who has used
 * up the process limit must not be able to keep them from working. They are functions, so that a shell that stays can
 * run them too. Not every `sh` takes `--` after a signal, so groups come without it.
 */

/** `$1`: process group. */
export const terminateScript = 'kill -TERM "-$1" 2>/dev/null';

/** `$1`: process. Succeeds while it exists. */
export const existsScript = 'kill -0 "$1" 2>/dev/null';

/**
 * Reads `/proc/$1/stat` behind the name of the program, which may hold anything, be it a line break:
 * state, parent, process group, session.
 */
const statOf = `
stat_of() {
  stat=
  while read -r part || [ -n "$part" ]; do stat="$stat $part"; done <"/proc/$1/stat"
  stat=\${stat##*) }
} 2>/dev/null
`;

/**
 * `$1`: a shell. Asks the groups that its children lead to end, and writes their numbers. A child that does not lead
 * one yet is on its way to become the command. Where the kernel does not tell the children, every process is looked at.
 */
export const terminateChildrenScript = `
${statOf}
terminate_child() {
  [ "$4" = "$1" ] || return
  if [ "$5" = "$2" ]; then
    printf '%s ' "$2"
    kill -TERM "-$2"
  else
    kill -TERM "$2"
  fi
}
terminate_children() {
  children=
  read -r children <"/proc/$1/task/$1/children"
  for process in \${children:-/proc/[0-9]*}; do
    process=\${process#/proc/}
    stat_of "$process"
    terminate_child "$1" "$process" $stat
  done
} 2>/dev/null
terminate_children "$1"
`;

/** `$1`: a process, `$2`: the mark. Succeeds when the process still carries it. */
export const carriesMark = `
carries_mark() {
  while read -r line || [ -n "$line" ]; do
    case $line in *"${executionMark}=$2"*) return 0 ;; esac
  done <"/proc/$1/environ"
  return 1
} 2>/dev/null
`;

/** `$2`: marks. Sends the signal to everything that still carries one of them, and fills `found` when there was any. */
export function signalMarked(signal: 'HUP' | 'KILL'): string {
  return `
  for file in /proc/[0-9]*/environ; do
    while read -r line || [ -n "$line" ]; do
      for mark in $2; do
        case $line in
          *"${executionMark}=$mark"*)
            process=\${file#/proc/}
            kill -${signal} "\${process%/environ}" && found=yes
            break 2 ;;
        esac
      done
    done <"$file"
  done 2>/dev/null`;
}

/**
 * Each a list, which may be empty: `$1`: process groups, as far as they are known; `$2`: marks; `$3`: shells whose
 * children are to end. Kills the groups, then everything of their sessions and everything that carries a mark, until
 * nothing does: a process that called setsid has left the group.
 */
export const killScript = `
${statOf}
is_of_session() {
  case $3 in '' | Z | X) return 1 ;; esac
  case " $1 " in
    *" $4 "*)
      groups="$groups $2"
      return 0 ;;
  esac
  case " $groups " in *" $6 "*) return 0 ;; esac
  return 1
}
kill_sessions() {
  for process in /proc/[0-9]*; do
    process=\${process#/proc/}
    stat_of "$process"
    if is_of_session "$1" "$process" $stat; then kill -KILL "$process" && found=yes; fi
  done
}
kill_all() {
  groups=$1 round=0
  for group in $groups; do kill -KILL "-$group"; done
  while [ "$round" -lt 50 ]; do
    round=$((round + 1)) found=
    [ -z "$groups$3" ] || kill_sessions "$3"
    ${signalMarked('KILL')}
    [ -n "$found" ] || return 0
  done
  return 1
} 2>/dev/null
kill_all "$1" "$2" "$3"
`;
