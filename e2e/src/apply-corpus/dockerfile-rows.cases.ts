import type { CorpusId, CorpusRow } from './corpus-row.js';

const from = 'FROM nginx:alpine\n';

function refused(id: CorpusId, configuration: string, rule: string, line: number, place: string): CorpusRow {
  return {
    id,
    what: JSON.stringify(configuration.replace(from, '')),
    type: 'dockerfile',
    configuration,
    expected: { outcome: 'refused', breaks: [[`dockerfile.${rule}`, place, line]] },
  };
}
/** The place is the instruction, with its flag when that is what is wrong. */
const inImage = (id: CorpusId, instruction: string, rule: string): CorpusRow =>
  refused(id, from + instruction, rule, 2, /^[A-Z]+( --[a-z]+)?/.exec(instruction)?.[0] ?? '');

function unavailable(id: CorpusId, instructions: string): CorpusRow {
  return {
    id,
    what: `${JSON.stringify(instructions.slice(0, 60))} where nothing is built`,
    type: 'dockerfile',
    configuration: from + instructions,
    expected: { outcome: 'unavailable' },
  };
}

export const dockerfileRows: readonly CorpusRow[] = [
  inImage('B47', 'LABEL io.nalabo.session=SESSION', 'label.reserved'),
  refused('B51', '# syntax=LISTENER/frontend\nFROM nginx:alpine', 'directive', 1, '#'),
  refused('B51', 'FROM LISTENER/off/list', 'from.image', 1, 'FROM'),
  refused('B51', 'FROM $A', 'from.variable', 1, 'FROM'),
  inImage('B52', 'ADD http://169.254.169.254/ /x', 'add.remote'),
  inImage('B52', 'ADD http://LISTENER/ /x', 'add.remote'),
  inImage('B52', 'ADD git@LISTENER:a/b.git /x', 'add.remote'),
  inImage('B52', 'COPY --from=LISTENER/off/list /a /x', 'copy.from'),
  inImage('B53', 'RUN --mount=type=bind,from=LISTENER/x,target=/y true', 'run.flag'),
  inImage('B53', 'RUN --mount=type=cache,target=/y true', 'run.flag'),
  inImage('B53', 'RUN --network=host true', 'run.flag'),
  inImage('B53', 'RUN --security=insecure true', 'run.flag'),
  inImage('B54', 'WORKDIR /proc/self/fd/8', 'workdir.system'),
  inImage('B54', 'ONBUILD RUN true', 'onbuild'),
  inImage('B54', 'VOLUME /x', 'volume'),
  unavailable('B55', 'RUN :(){ :|:& };:\n'),
  unavailable('B55', 'RUN head -c 2G /dev/zero > /big\n'),
  unavailable('B55', 'RUN sleep 1000\n'),
  refused('B55', from + 'RUN true\n'.repeat(30), 'layers', 22, 'RUN'),
];
