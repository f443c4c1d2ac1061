import type { ExecRequest } from '@nalabo/infrastructure-port';

/**
 * What every exec starts, and all of it that others see: it reads one line and does what it says. Without a single
 * process of its own, so that it works in a workbench that has none left. `$1` is a newline, which a line cannot hold.
 */
export const bootstrap: readonly string[] = [
  'sh',
  '-c',
  'IFS= read -r NALABO_SCRIPT && eval "$NALABO_SCRIPT"',
  'sh',
  '\n',
];

/**
 * The same on a terminal. That would show what it reads, and take no longer lines than 4 KiB, so it is changed meanwhile;
 * a byte of 1 says that it is.
 */
export const terminalBootstrap: readonly string[] = [
  'sh',
  '-c',
  'mode=$(stty -g) && stty raw -echo && printf "\\001" && IFS= read -r NALABO_SCRIPT && stty "$mode" && eval "$NALABO_SCRIPT"',
  'sh',
  '\n',
];

export const terminalReady = 0x01;

/**
 * The line for the bootstrap that starts a program.
 * @param token Random and unguessable: begins the notice of the end, see `EndNotice`.
 */
export function programScript(request: ExecRequest, token: string): string {
  if (!request.mayLeaveProcesses) return replacingScript(request);
  return `${[
    // The shell would report on its stderr when a signal ends the program.
    'exec 3>&2 2>/dev/null',
    `( exec 2>&3 3>&-; ${exports(request)}exec setsid ${programOf(request)} )`,
    'c=$?',
    `printf '\\001%s %s\\n' ${token} "$c" >&3`,
    // An exec whose input is not read to its end never ends.
    ...(request.hasInput ? ['cat >/dev/null'] : []),
    'exit "$c"',
  ].join('; ')}\n`;
}

/** The line for either bootstrap to become a program, and tell nothing of its end. */
export function replacingScript(request: ExecRequest): string {
  return `${exports(request)}exec ${programOf(request)}\n`;
}

function programOf({ argv, hasInput }: ExecRequest): string {
  return `${argv.map(quoted).join(' ')}${hasInput ? '' : ' </dev/null'}`;
}

function exports({ environment }: ExecRequest): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quoted(value)}; `)
    .join('');
}

/** One word of the shell, on one line. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`).replaceAll('\n', `'"$1"'`)}'`;
}
