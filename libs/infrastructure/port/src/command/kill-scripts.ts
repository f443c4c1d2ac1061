import { executionMark } from './command-request.js';

/**
 * Scripts that end a command, run as its own user. They use builtins only: a learner who has used up the process limit
 * must not be able to keep them from working. Not every `sh` takes `--` after a signal, so groups come without it.
 */

/** `$1`: process group. */
export const terminateScript = 'kill -TERM "-$1" 2>/dev/null';

/** `$2`: execution id. Sends the signal to everything that still carries the mark, and fills `found` when there was any. */
export function signalMarked(signal: 'HUP' | 'KILL'): string {
  return `
  for file in /proc/[0-9]*/environ; do
    while read -r line || [ -n "$line" ]; do
      case $line in
        *"${executionMark}=$2"*)
          process=\${file#/proc/}
          kill -${signal} "\${process%/environ}" && found=yes
          break ;;
      esac
    done <"$file"
  done 2>/dev/null`;
}

/**
 * `$1`: process group, or empty when it is not known; `$2`: execution id. Kills the group, then everything that still
 * carries the mark, until nothing does: a process that called setsid has left the group.
 */
export const killScript = `
[ -z "$1" ] || kill -KILL "-$1" 2>/dev/null
round=0
while [ "$round" -lt 50 ]; do
  round=$((round + 1)) found=
  ${signalMarked('KILL')}
  [ -n "$found" ] || exit 0
done
exit 1
`;
