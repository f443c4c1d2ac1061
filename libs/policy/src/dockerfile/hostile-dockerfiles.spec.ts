import { describe, expect, it } from 'vitest';
import { readDockerfile } from './read-dockerfile.js';

const context = {
  images: ['nginx:alpine', 'node'],
  files: new Map([
    ['a', ''],
    ['b/c', ''],
  ]),
};

const whole: readonly (readonly [string, string])[] = [
  ['#syntax=docker/dockerfile:1\nFROM node', 'directive'],
  ['#!/bin/env x\n  # SYNTAX = x/y\nFROM node', 'directive'],
  ['# escape=`\nFROM node', 'directive'],
  ['# check=skip=all\nFROM node', 'directive'],
  ['// syntax=x/y\nFROM node', 'unknown-instruction'],
  ['{"syntax": "x/y"}\nFROM node', 'unknown-instruction'],
  ['from docker.io/library/nginx:alpine', 'from.image'],
  ['FROM nginx:alpine@sha256:0000000000000000000000000000000000000000000000000000000000000000', 'from.image'],
  ['FROM scratch', 'from.image'],
  ['FROM NODE', 'from.image'],
  ['FROM "node"', 'from.image'],
  ['FROM node\\:18', 'from.image'],
  ['FROM nоde', 'from.image'],
  ['FROM node:18', 'from.image'],
  ['FROM self AS self', 'from.image'],
  ['FROM node AS a\nFROM 0', 'from.image'],
  ['FROM $A', 'from.variable'],
  ['FROM ${A:-node}', 'from.variable'],
  ['FROM no${A}de', 'from.variable'],
  ['ARG A=node\nFROM node', 'order'],
  ['ARG A=node\nFROM $A', 'order from.variable'],
  ['FROM', 'from.form'],
  ['FROM node AS', 'from.form'],
  ['FROM node AS a b', 'from.form'],
  ['FROM node AS nginx', 'from.name'],
  ['FROM node AS Node', 'from.name'],
  ['FROM node AS a\nFROM node AS A', 'from.name'],
  ['FROM node AS scratch', 'from.name'],
  ['FROM node AS 0', 'from.name'],
  ['FROM node AS $X', 'from.name'],
  ['FROM --platform=$BUILDPLATFORM node', 'from.flag'],
  ['FROM \\\n  --platform=x \\\n  node', 'from.flag'],
  ['FROM node AS a\nCOPY --from=a /x /y', 'copy.from'],
  ['FROM node\0', 'characters'],
  ['FROM node\n# a comment \0', 'characters'],
  ['FROM node\n# a comment \ud800', 'characters'],
  ['FROM node\rRUN --mount=x true', 'characters'],
  ['FROM node\n\u2028RUN true', 'characters'],
  ['\uFEFF\uFEFFFROM node', 'characters'],
  ['', 'empty'],
  ['\\', 'continuation'],
];

const inStage: readonly (readonly [string, string])[] = [
  ['RUN --mount=type=bind,from=x,target=/y true', 'run.flag'],
  ['RUN --network=host true', 'run.flag'],
  ['RUN --security=insecure true', 'run.flag'],
  ['RUN --device=x true', 'run.flag'],
  ['rUn\t--MOUNT=x true', 'run.flag'],
  ['RUN \\\n--mount=x true', 'run.flag'],
  ['RUN \\ \t\n# why\n\n --mount=x true', 'run.flag'],
  ['RUN --mo\\\nunt=x true', 'run.flag'],
  ['RUN --mo\\unt=x true', 'run.flag'],
  ['RUN --', 'run.flag'],
  ['RUN --mount=x ["true"]', 'run.flag'],
  ['RUN ["--mount=type=bind", "true"]', 'run.form'],
  ['RUN ["true"] --mount=x', 'run.form'],
  ['RUN ["true"', 'run.form'],
  ['RUN []', 'run.form'],
  ['RUN [1]', 'run.form'],
  ['RUN ["a\\u0000"]', 'run.form'],
  ['RUN ["\\ud800"]', 'run.form'],
  ['RUN', 'run.form'],
  ['RUN\u00a0--mount=x true', 'characters'],
  ['RUN \u200b--mount=x true', 'characters'],
  ['RUN\v--mount=x true', 'characters'],
  ['RUN <<-"EOF" sh\nFROM evil\nEOF', 'heredoc'],
  ['RUN 3<<A cat\nB', 'heredoc unknown-instruction'],
  ['COPY <<A /x\nA', 'heredoc'],
  ['ONBUILD RUN <<A\nA', 'heredoc'],
  ['ОNBUILD RUN true', 'unknown-instruction'],
  ['uſer root', 'unknown-instruction'],
  ['__proto__ x', 'unknown-instruction'],
  ['"RUN" true', 'unknown-instruction'],
  ['RUN-- x', 'unknown-instruction'],
  ['onBuild RUN true', 'onbuild'],
  ['ONBUILD\tADD http://x /', 'onbuild'],
  ['CMD --x', 'flag'],
  ['RUN echo a\\\\', 'command.backslash'],
  ['RUN a \\\n b\\\\', 'command.backslash'],
  ['CMD \\\\', 'command.backslash'],
  ['ENTRYPOINT a\\\\ \t', 'command.backslash'],
  ['CMD ["a\\\\"]', ''],
  ["ENTRYPOINT ['a']", 'entrypoint.form'],
  ['CMD ["a"] && b', 'cmd.form'],
  ['CMD [ "a" ] && b', 'cmd.form'],
  ['SHELL ["-c"]', 'shell.form'],
  ['ADD HTTP://127.0.0.1:8222/ /x', 'add.remote'],
  ['ADD ["http://127.0.0.1:8222/", "/x"]', 'add.remote'],
  ['ADD git@github.com:a/b.git /x', 'add.remote'],
  ['ADD git://a/b#main /x', 'add.remote'],
  ['ADD github.com/a/b.git#main /x', 'add.remote'],
  ['ADD --keep-git-dir=true a /x', 'copy.flag'],
  ['ADD --checksum=sha256:0 a /x', 'copy.flag'],
  ['ADD --from=build a /x', 'copy.flag'],
  ['ADD a.TAR /x', 'add.archive'],
  ['ADD $URL /x', 'variable'],
  ['COPY http://x/y /x', 'copy.source'],
  ['COPY --from=off/list /a /x', 'copy.from'],
  ['COPY --from=nginx:alpine /a /x', 'copy.from'],
  ['COPY --from=0 /a /x', 'copy.from'],
  ['COPY --from= /a /x', 'copy.from'],
  ['COPY --from /a /x', 'copy.from'],
  ['COPY --from="build" /a /x', 'copy.from'],
  ['COPY --from=build --from=off /a /x', 'copy.flag'],
  ['COPY --from=build a /x', 'copy.source'],
  ['COPY --from=build /proc/1/environ /x', 'copy.source'],
  ['COPY --from=build /../x /x', 'copy.source'],
  ['COPY --link a /x', 'copy.flag'],
  ['COPY --chmod=4755 a /x', 'copy.flag'],
  ['COPY --exclude=b a /x', 'copy.flag'],
  ['COPY -- a /x', 'copy.flag'],
  ['COPY --chown=$U a /x', 'variable'],
  ['COPY --chown=a:b:c a /x', 'copy.owner'],
  ['COPY /etc/passwd /x', 'copy.source'],
  ['COPY ../a /x', 'copy.source'],
  ['COPY b/../../a /x', 'copy.source'],
  ['COPY b/../a /x', 'copy.source'],
  ['COPY * /x/', 'copy.source'],
  ['COPY [abc] /x', 'copy.form'],
  ['COPY ["[a]", "/x"]', 'copy.source'],
  ['COPY ["../a", "/x"]', 'copy.source'],
  ['COPY ["a", "/x\\u0000"]', 'copy.form'],
  ['COPY ["a", ""]', 'copy.form'],
  ['COPY "a" /x', 'copy.source'],
  ['COPY A /x', 'copy.missing'],
  ['COPY b/ /x', ''],
  ['COPY . /x/', ''],
  ['COPY a', 'copy.form'],
  ['COPY a /x --from=off', 'copy.form'],
  ['COPY a x', 'copy.target'],
  ['COPY a /x/../proc', 'copy.target'],
  ['COPY a //dev/x', 'copy.target'],
  ['COPY a /x\\y', 'copy.target'],
  ['WORKDIR /\nCOPY a proc/x', 'copy.target'],
  ['WORKDIR /x\nCOPY a ../proc/x', 'copy.target'],
  ['WORKDIR proc', 'workdir.form'],
  ['WORKDIR "/proc"', 'workdir.form'],
  ['WORKDIR /pr\\oc', 'workdir.form'],
  ['WORKDIR /x/../proc', 'workdir.form'],
  ['WORKDIR', 'workdir.form'],
  ['WORKDIR /proc/self/fd/8', 'workdir.system'],
  ['WORKDIR //proc', 'workdir.system'],
  ['WORKDIR /./sys/', 'workdir.system'],
  ['WORKDIR /dev', 'workdir.system'],
  ['WORKDIR ${A}', 'variable'],
  ['LABEL nalabo.session=x', 'label.reserved'],
  ['LABEL a=b "IO.Nalabo.session"=x', 'label.reserved'],
  ["LABEL io.'nala'bo.session=x", 'label.reserved'],
  ['LABEL io.nalab\\\no.session=x', 'label.reserved'],
  ['LABEL com.docker.compose.project=x', 'label.reserved'],
  ['LABEL $A=x', 'variable'],
  ['LABEL a="x', 'label.form'],
  ['LABEL a=x\\', 'continuation'],
  ['LABEL', 'label.form'],
  ['LABEL =x', 'label.form'],
  ['ENV A=$B${C}', 'env.variable'],
  ['ENV A=${B:-c}', 'env.variable'],
  ["ENV A='$B'", 'env.variable'],
  ['ENV A=\\$B', 'env.variable'],
  ['ENV A=$Bé', 'env.variable'],
  ['ENV $A=b', 'env.form'],
  ['ENV A="b', 'env.form'],
  ['ENV A=b C', 'env.form'],
  ['ENV', 'env.form'],
  [`ENV ${'A'.repeat(65)}=b`, 'env.form'],
  ['ARG', 'arg.form'],
  ['ARG A=$(id)', 'arg.variable'],
  ['ARG A=$', 'arg.variable'],
  ['USER $A', 'variable'],
  ['USER a b', 'user.form'],
  ['USER', 'user.form'],
  ['EXPOSE 0', 'expose.form'],
  ['EXPOSE 65536', 'expose.form'],
  ['EXPOSE', 'expose.form'],
  ['STOPSIGNAL $A', 'variable'],
  ['STOPSIGNAL 0', 'stopsignal.form'],
  ['VOLUME ["/x"]', 'volume'],
  ['volume', 'volume'],
];

function violationsOf(text: string, files: ReadonlyMap<string, string> = context.files) {
  const reading = readDockerfile(text, { ...context, files });
  return 'violations' in reading ? reading.violations : [];
}

function rulesOf(text: string, files?: ReadonlyMap<string, string>): string {
  return violationsOf(text, files)
    .map(({ rule }) => rule.replace('dockerfile.', ''))
    .join(' ');
}

describe('a Dockerfile that tries to get out', () => {
  it.each(whole)('%j is refused by %s', (text, expected) => {
    expect(rulesOf(text)).toBe(expected);
  });

  it.each(inStage)('%j in a stage ends at rule %j', (text, expected) => {
    expect(rulesOf(`FROM nginx:alpine AS build\nFROM node\n${text}`)).toBe(expected);
  });

  it.each([
    ['/etc/passwd'],
    ['a/'],
    ['./a'],
    ['a//b'],
    ['a/../b'],
    ['.'],
    [''],
    ['-a'],
    ['a b'],
    ['a\\b'],
    ['a\0'],
    ['*'],
    ['a'.repeat(256)],
  ])('a file sent as %j is refused', (path) => {
    expect(rulesOf('FROM node', new Map([[path, '']]))).toBe('files.path');
  });

  it.each([['.dockerignore'], ['.DockerIgnore'], ['Dockerfile.dockerignore']])(
    'a file %s says nothing to the builder',
    (path) => {
      expect(rulesOf('FROM node', new Map([[path, '*']]))).toBe('files.ignore');
      expect(rulesOf('FROM node', new Map([[`html/${path}`, '*']]))).toBe('');
    },
  );

  it('does not get what it says quoted at length, or through control characters', () => {
    const text = `FROM node\n${'X'.repeat(5000)} a\nRUN --${'y'.repeat(5000)} a\nRUN --\u001b[0m`;
    const all = violationsOf(text);
    expect(JSON.stringify(all).length).toBeLessThan(1000);
    expect(JSON.stringify(all)).not.toContain('\\u001b');
  });
});
