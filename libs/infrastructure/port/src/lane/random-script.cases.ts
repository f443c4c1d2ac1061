/** Random numbers that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;
type Part = (random: Random, depth: number) => string;

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;
const number = (random: Random, below = 256): string => String(random(below));

const words = [
  'a',
  'two words',
  "it's",
  '"$HOME"',
  '',
  '$((1+1))',
  '`echo sub`',
  '\\',
  '*',
  '✓',
  '\x01',
  '-n',
  '--',
  '$?',
];
const word: Part = (random) => {
  const text = pick(random, words);
  return pick(random, [
    `"${text.replaceAll('"', '')}"`,
    `'${text.replaceAll("'", '')}'`,
    'x',
    '"$v"',
    '$v',
    '$((v2+1))',
  ]);
};
const octal = (random: Random): string => `\\${random(256).toString(8).padStart(3, '0')}`;
const bytes: Part = (random) => Array.from({ length: random(40) }, () => octal(random)).join('');

const simple: readonly Part[] = [
  (random, depth) => `echo ${word(random, depth)} ${word(random, depth)}`,
  (random, depth) => `printf '%s' ${word(random, depth)}`,
  (random, depth) => `printf '${bytes(random, depth)}'`,
  (random) => `head -c ${random(200_000)} /dev/zero`,
  (random, depth) => `v=${word(random, depth)}; v2=${number(random, 9)}`,
  (random) => `(exit ${number(random)})`,
  () => 'false',
  () => 'cat',
  () => 'read -r v; echo "$?$v"',
  () => 'no-such-program',
  () => 'cd /usr && pwd',
  () => 'cd /no/such/folder',
  () => 'umask 077; umask',
  () => 'export V3=x; env | grep V3',
  () => `trap 'echo trapped' EXIT`,
  () => 'set -e',
  () => 'set -u; echo $undefined_variable',
  () => 'exec 1>&2',
  () => 'exec 2>&1',
  () => 'echo gone >/dev/null',
  () => 'f() { echo "f $1"; return 3; }; f x',
  () => 'echo() { printf "mine\\n"; }',
  () => 'alias ls=false; unalias ls',
  () => 'IFS=x; printf "%s|" $v',
  () => 'cat <<END\nhere $v\nEND',
  () => `cat <<'END'\nhere $v '"\nEND`,
  () => '{ sleep 0.01 & wait; }',
  () => '{ sleep 30 >/dev/null & kill -9 $!; wait $!; echo $?; } 2>/dev/null',
];

/** In a subshell these would race with the shell around it. */
const last: readonly Part[] = [
  () => `trap 'echo terminated' TERM; kill -TERM $$`,
  (random) => `exit ${number(random)}`,
  (random) => `kill -${pick(random, ['KILL', 'TERM', 'INT', 'HUP', 'PIPE', 'USR1'])} $$`,
  () => 'exec cat /etc/hostname',
  () => 'exec no-such-program',
  () => 'if',
  () => 'echo )',
  () => `echo 'open`,
  () => 'echo "open',
  () => '$(',
  () => '((',
];

/** What is written to both ends of a pipe has no order. */
const compound: readonly Part[] = [
  (random, depth) => `{ ${script(random, depth)}\n}`,
  (random, depth) => `( ${script(random, depth)}\n)`,
  (random, depth) => `( ${script(random, depth)}\n) 2>/dev/null | cat`,
  (random, depth) => `( ${script(random, depth)}\n) >&2`,
  (random, depth) => `( ${script(random, depth)}\n) 2>&1 | cat`,
  (random, depth) => `for i in 1 2 3; do ${script(random, depth)}\ndone`,
  (random, depth) => `if ${part(random, depth)}\nthen ${part(random, depth)}\nelse ${part(random, depth)}\nfi`,
  (random, depth) => `v=$( ${script(random, depth)}\n)`,
  (random, depth) => `eval '${script(random, depth).replaceAll("'", '"')}'`,
  (random, depth) => `${simple[random(4)]?.(random, depth) ?? ''} && ${part(random, depth)}`,
];

function part(random: Random, depth: number): string {
  const isCompound = depth > 0 && random(3) === 0;
  return pick(random, isCompound ? compound : simple)(random, depth - 1);
}

function script(random: Random, depth: number): string {
  return Array.from({ length: 1 + random(3) }, () => part(random, depth)).join('\n');
}

/** A script for `sh` that does the same whenever it runs, be it an error. */
export function randomScript(random: Random): string {
  const body = script(random, 3);
  return random(2) === 0 ? body : `${body}\n${pick(random, last)(random, 0)}`;
}
