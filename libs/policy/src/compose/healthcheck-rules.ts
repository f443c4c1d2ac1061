import { byType, flag, type Form, listOf, readAs, text, wholeNumber } from '../rules/form.js';
import { keysOf, type RuleTable } from '../rules/rule-table.js';
import { composeLimits } from './compose-limits.js';
import type { HealthCheck } from './compose-model.js';
import { duration } from './quantities.js';
import { inServiceUnder } from './wrap-examples.js';

const word = text({ longest: composeLimits.entryCharacters, says: 'a text' });

/** Empty for none. */
const test: Form<string | readonly string[]> = {
  ...byType<string | readonly string[]>({
    text: word,
    list: readAs(listOf(word, composeLimits.entries, 1), ([how, ...words], scope) => {
      if (how === 'NONE' && words.length === 0) return [];
      if (how === 'CMD' && words.length > 0) return words;
      const [line] = words;
      if (how === 'CMD-SHELL' && words.length === 1 && line !== undefined) return line;
      return scope.refuse('must begin with CMD and a program, or with CMD-SHELL and one text, or be [NONE]');
    }),
  }),
  says: 'a text for the shell of the image, or a list that begins with CMD, CMD-SHELL or NONE',
};

const healthcheckRules = {
  test: {
    verdict: 'allowed',
    form: test,
    hint: 'Write, for example, [CMD, curl, -f, http://localhost].',
    examples: { accepted: 'test: [CMD, "true"]', refused: 'test: [curl, localhost]' },
  },
  interval: {
    verdict: 'allowed',
    form: duration(10, 3600),
    hint: 'Write 10s or more: each look starts a process.',
    examples: { accepted: 'interval: 1m30s', refused: 'interval: 1s' },
  },
  timeout: {
    verdict: 'allowed',
    form: duration(0.001, 10),
    hint: 'Write 10s or less.',
    examples: { accepted: 'timeout: 5s', refused: 'timeout: 1m' },
  },
  retries: {
    verdict: 'allowed',
    form: wholeNumber(1, 5),
    hint: 'Write 5 or less.',
    examples: { accepted: 'retries: 5', refused: 'retries: 100' },
  },
  start_period: {
    verdict: 'allowed',
    // The engine refuses what is shorter than a millisecond, and is not nothing.
    form: readAs(duration(0, 300), (seconds) => (seconds < 0.001 ? 0 : seconds)),
    hint: 'Write 5m or less.',
    examples: { accepted: 'start_period: 30s', refused: 'start_period: 1h' },
  },
  start_interval: {
    verdict: 'ignored',
    note: 'While a service starts, it is looked at as often as later.',
    accepted: 'start_interval: 5s',
  },
  disable: {
    verdict: 'allowed',
    form: flag,
    hint: 'Write true or false.',
    examples: { accepted: 'disable: true', refused: 'disable: "yes"' },
  },
} as const;

export const healthcheckTable = {
  id: 'compose.healthcheck',
  title: 'a health check',
  rules: healthcheckRules,
  required: [],
  wrap: (example) => inServiceUnder('healthcheck', example.startsWith('test:') ? '' : 'test: "true"\n')(example),
} as const satisfies RuleTable;

/** Null when nothing is to be checked. */
export const healthcheck: Form<HealthCheck | null> = readAs(keysOf(healthcheckTable), (read, scope) => {
  const { intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = composeLimits.healthcheck;
  if (read.disable) return null;
  if (read.test === undefined) return scope.refuse('has no test; an image brings none that is used');
  if (read.test.length === 0) return null;
  return {
    test: read.test,
    intervalSeconds: read.interval ?? intervalSeconds,
    timeoutSeconds: read.timeout ?? timeoutSeconds,
    retries: read.retries ?? retries,
    startPeriodSeconds: read.start_period ?? startPeriodSeconds,
  };
});
