import { describe, expect, it } from 'vitest';
import { computingTime } from '../computing-time.cases.js';
import { readDockerfile } from './read-dockerfile.js';
import { writeDockerfile } from './write-dockerfile.js';

const context = {
  images: ['nginx:alpine', 'node'],
  files: new Map([
    ['package.json', '{}'],
    ['src/server.js', ''],
    ['src/lib/a.js', ''],
  ]),
};
function read(text: string) {
  const reading = readDockerfile(text, context);
  return 'model' in reading ? { ...reading, violations: [] } : { ...reading, model: undefined, notes: [] };
}

const steps = (text: string) => read(`FROM nginx:alpine\n${text}`).model?.stages[0]?.steps;
const broken = (text: string) => read(text).violations.map(({ line, path, rule }) => `${line} ${path}: ${rule}`);

const whole = String.raw`# Builds the site
from node as Build
arg VERSION=1 DEBUG
env PATH=/app/bin:$PATH GREETING='Good "morning"' BACK="a\\b\"c" LONG=a\ b
workdir /app//./

  # syntax=no longer at the top \
copy package.json ./src .
run npm ci && \
    # not the tests
    npm run build \

    --silent
shell ["/bin/sh", "-c"]

FROM nginx:alpine
COPY --from=build --chown=1000:1000 /app/site /usr/share/nginx/html
ADD src/lib /lib/
LABEL "org.example.title"="My site" empty=
EXPOSE 80 53/UDP
USER nginx
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=1s CMD false
ENTRYPOINT []
CMD ["nginx", "-g", "daemon off;"]`;

const wholeWritten = String.raw`FROM node AS build
ARG VERSION="1" DEBUG
ENV PATH="/app/bin:${'${PATH}'}" GREETING="Good \"morning\"" BACK="a\\b\"c" LONG="a b"
WORKDIR /app
COPY package.json src /app/
RUN npm ci &&     npm run build     --silent
SHELL ["/bin/sh","-c"]
FROM nginx:alpine
COPY --from=build --chown=1000:1000 /app/site /usr/share/nginx/html
COPY src/lib /lib/
LABEL org.example.title="My site" empty=""
EXPOSE 80/tcp 53/udp
USER nginx
STOPSIGNAL SIGQUIT
ENTRYPOINT []
CMD ["nginx","-g","daemon off;"]
`;

describe('the reading of a Dockerfile', () => {
  it('gives a model, from which the same is written in one plain form', () => {
    const { model, violations, notes } = read(whole);
    expect(violations).toEqual([]);
    expect(model && writeDockerfile(model)).toBe(wholeWritten);
    expect(notes.map(({ line, path }) => `${line} ${path}`)).toEqual(['18 ADD', '23 HEALTHCHECK']);
    expect(read(wholeWritten).model).toEqual(model);
  });

  it.each([['\n'], ['\r\n']])('reads the same with a byte order mark and lines that end with %j', (end) => {
    expect(read(`\uFEFF${whole.replaceAll('\n', end)}`).model).toEqual(read(whole).model);
  });

  it('tells everything that is wrong at once, in the order of the file, at most fifty', () => {
    const text = 'FROM other\nRUN --mount=type=cache --network=host true\n\nVOLUME /x\nCOPY --parents --from=x a b';
    expect(broken(text)).toEqual([
      '1 FROM: dockerfile.from.image',
      '2 RUN --mount: dockerfile.run.flag',
      '4 VOLUME: dockerfile.volume',
      '5 COPY --from: dockerfile.copy.from',
      '5 COPY --parents: dockerfile.copy.flag',
    ]);
    expect(broken(`FROM node\n${'VOLUME /x\n'.repeat(150)}`)).toHaveLength(50);
  });

  it('names the line on which a continued instruction begins', () => {
    expect(broken('FROM node\n\nRUN \\\n # a comment\n\\\n --mount=type=cache true')).toEqual([
      '3 RUN --mount: dockerfile.run.flag',
    ]);
  });

  it('keeps where the words of a shell end and what is quoted in them', () => {
    expect(steps('RUN echo "$HOME"  \'a\' \\\\ b\nRUN [ -f /a ] || true\nRUN "--mount=x"')).toEqual([
      { kind: 'run', command: `echo "$HOME"  'a' \\\\ b` },
      { kind: 'run', command: '[ -f /a ] || true' },
      { kind: 'run', command: '"--mount=x"' },
    ]);
  });

  it('takes a folder that a stage before it has set', () => {
    const { model } = read('FROM node AS a\nWORKDIR /srv\nFROM a\nCOPY src .\nCOPY src x/\nCOPY src x');
    const targets = model?.stages[1]?.steps.map((step) => step.kind === 'copy' && step.target);
    expect(targets).toEqual(['/srv/', '/srv/x/', '/srv/x']);
  });

  it.each([
    ['one letter', 'a', 'a'],
    ['blanks', 'RUN', ' \t'],
    ['blanks behind a backslash', 'RUN a', '\\ '],
    ['backslashes', 'RUN a', '\\'],
    ['quotes', 'ENV A="', '"'],
    ['escaped quotes', 'ENV A="', '\\"'],
    ['variables', 'ENV A=', '$A'],
    ['pairs', 'ENV', ' A=$A'],
    ['flags', 'COPY', ' --'],
    ['sources', 'COPY', ' a'],
    ['brackets', 'RUN ', '['],
    ['heredocs', '', 'RUN <<A\n'],
    ['dots', 'WORKDIR /', './'],
  ])('reads the longest file of %s in a moment', (_name, first, part) => {
    const text = `FROM node\n${first}${part.repeat(64 * 1024)}`.slice(0, 64 * 1024);
    const took = computingTime(() => expect(read(text).violations.length).toBeLessThanOrEqual(50));
    expect(took).toBeLessThan(500);
  });
});
