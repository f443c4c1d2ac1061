import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DockerfileModel, NamedValue, Stage, Step } from './dockerfile-model.js';
import { readDockerfile } from './read-dockerfile.js';
import { writeDockerfile } from './write-dockerfile.js';

const context = {
  images: ['nginx:alpine', 'node'],
  files: new Map([
    ['a', ''],
    ['b/c', ''],
  ]),
};

const hostile = fc.constantFrom(
  ...[
    '--mount=type=bind',
    '--from=evil',
    '--from=one',
    '$A',
    '${A}',
    '\\',
    '\\\n',
    '\n',
    '"',
    "'",
    '[',
    '["a"]',
    '<<EOF',
  ],
  ...[
    '..',
    '/proc',
    '/',
    '.',
    'a',
    'b',
    '*',
    '# x',
    '=',
    'A=b',
    'nalabo.x=1',
    '\u00a0',
    '\0',
    '\r',
    '\t',
    ' ',
    ',',
    'é',
    '😀',
  ],
  ...['http://x', 'a.tar', 'nginx:alpine', 'node', 'one', 'AS', '80', '&&', '\\\\', '\\"', '\\$', '\u2028', '\ud800'],
);
const keyword = fc.constantFrom(
  ...['FROM', 'RUN', 'COPY', 'ADD', 'ENV', 'ARG', 'LABEL', 'EXPOSE', 'USER', 'WORKDIR', 'CMD', 'ENTRYPOINT', 'SHELL'],
  ...['STOPSIGNAL', 'HEALTHCHECK', 'VOLUME', 'ONBUILD', 'MAINTAINER', 'from', 'Run', '#', 'OTHER', '# syntax=x'],
);
const goodLine = fc.constantFrom(
  ...[
    'FROM node',
    'FROM nginx:alpine AS one',
    'FROM one',
    'RUN npm ci',
    'RUN ["a", "b"]',
    'COPY a /x',
    'COPY . /x/',
    '',
  ],
  ...[
    'WORKDIR /app',
    'COPY b .',
    'COPY --from=one /x /y',
    'ENV A=b C="d e" P=/x:$P',
    'ARG A',
    'LABEL a.b=c',
    'EXPOSE 80',
  ],
  ...[
    'USER node',
    'CMD node .',
    'SHELL ["/bin/sh", "-c"]',
    'RUN a && \\',
    '  b \\\\',
    '  # comment',
    'STOPSIGNAL SIGTERM',
  ],
);
const hostileLine = fc
  .tuple(keyword, fc.constantFrom(' ', '\t', ' \\\n'), fc.array(hostile, { maxLength: 6 }), fc.constantFrom(' ', ''))
  .map(([word, blank, parts, between]) => word + blank + parts.join(between));
const mostlyGood = fc
  .array(fc.oneof({ weight: 12, arbitrary: goodLine }, { weight: 1, arbitrary: hostileLine }), { maxLength: 12 })
  .map((lines) => ['FROM nginx:alpine AS one', 'FROM node', ...lines].join('\n'));
const onlyHostile = fc
  .array(hostileLine, { maxLength: 3 })
  .map((lines) => ['FROM nginx:alpine AS one', 'FROM node', ...lines].join('\n'));

const path = /^(?!.*(?:\/\/|(?:^|\/)\.\.(?:\/|$)))[A-Za-z0-9._+@~/-]+$/;
const absolute = (text: string): boolean => path.test(text) && /^\/(?!(?:proc|sys|dev)(?:\/|$))/.test(text);
/** Empty, a flag, a list, more than a line, or one that goes on. */
const strangeCommand = /^$|^--|^\["|[\0\r\n]|\\[\t ]*$/;

/** What holds for every step, whatever was read. */
function isSafe(step: Step, names: readonly string[]): boolean {
  if ('command' in step) return typeof step.command !== 'string' || !strangeCommand.test(step.command);
  if ('values' in step) return step.values.length > 0 && step.values.every((one) => isSafeValue(step.kind, one));
  if (step.kind !== 'copy') return isSafeSetting(step);
  const { sources, target, from } = step;
  return absolute(target) && sources.length > 0 && sources.every((source) => isSource(source, from, names));
}

type Setting = Extract<Step, { kind: 'shell' | 'expose' | 'user' | 'workdir' | 'stopsignal' }>;

function isSafeSetting(step: Setting): boolean {
  if (step.kind === 'shell') return step.words.length > 0;
  if (step.kind === 'expose') return step.ports.every((port) => /^\d+\/(?:tcp|udp)$/.test(port));
  if (step.kind === 'workdir') return absolute(step.path);
  return /^[\w:+-]+$/.test(step.kind === 'user' ? step.user : step.signal);
}

function isSafeValue(kind: 'env' | 'arg' | 'label', { name, value }: NamedValue<string | null>): boolean {
  if (kind === 'label') return /^(?!.*nalabo)[\w./-]+$/i.test(name) && !value?.includes('$');
  return /^\w+$/.test(name) && /^[^$]*(?:\$\{\w+\}[^$]*)?$/.test(value ?? '');
}

function isSource(source: string, from: string | null, names: readonly string[]): boolean {
  if (from !== null) return names.includes(from) && absolute(source);
  return source === '.' || [...context.files.keys()].some((file) => file === source || file.startsWith(`${source}/`));
}

function isSafeStage({ base, steps }: Stage, names: readonly string[]): boolean {
  const isKnown = 'image' in base ? context.images.includes(base.image) : names.includes(base.stage);
  return isKnown && steps.every((step) => isSafe(step, names));
}

function checkModel(model: DockerfileModel): void {
  model.stages.forEach((stage, index) => {
    const names = model.stages.slice(0, index).flatMap(({ name }) => name ?? []);
    expect(isSafeStage(stage, names), JSON.stringify(stage)).toBe(true);
  });
  expect(readDockerfile(writeDockerfile(model), context)).toEqual({ model, notes: [] });
}

/** True when it is accepted. */
function checkText(text: string): boolean {
  const reading = readDockerfile(text, context);
  if ('model' in reading) checkModel(reading.model);
  else expect(reading.violations.length).toSatisfy((count: number) => count > 0 && count <= 50);
  return 'model' in reading;
}

describe('whatever is sent as a Dockerfile', () => {
  it('any text is read without an exception', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void checkText(text)));
  });

  it('is refused, or gives a model that is safe and survives being written and read again', () => {
    fc.assert(
      fc.property(onlyHostile, (text) => void checkText(text)),
      { numRuns: 2000 },
    );
  });

  it('holds for files that are mostly good, of which many are accepted', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mostlyGood, (text) => void (accepted += Number(checkText(text)))),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('keeps words of a list and values of variables as they are', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\\', '"', "'", '=', '#', 'é', '😀') });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), value, (words, text) => {
        fc.pre(!words.some((word) => word.includes('\0')));
        const steps: Step[] = [
          { kind: 'cmd', command: words },
          { kind: 'env', values: [{ name: 'A', value: text }] },
        ];
        checkModel({ stages: [{ name: null, base: { image: 'node' }, steps }] });
      }),
    );
  });
});
