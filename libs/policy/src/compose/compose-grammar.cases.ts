import * as fc from 'fast-check';
import { parse } from 'yaml';
import { composePolicy } from './compose-policy.js';
import { serviceTable } from './service-rules.js';

type Fragment = Readonly<Record<string, unknown>>;

const examplesOf = (which: 'accepted' | 'refused'): readonly Fragment[] =>
  Object.values(serviceTable.rules).flatMap((rule) => {
    if (rule.verdict === 'ignored') return which === 'accepted' ? [parse(rule.accepted) as Fragment] : [];
    return [parse(rule.examples[which]) as Fragment];
  });
const groupExamples = composePolicy.groups.flatMap(({ rules }) => rules.map(({ examples }) => examples));

const good: readonly Fragment[] = [
  ...examplesOf('accepted'),
  ...groupExamples.map(({ accepted }) => parse(accepted) as Fragment),
];
const hostile: readonly Fragment[] = [
  ...examplesOf('refused'),
  ...groupExamples.map(({ refused }) => parse(refused) as Fragment),
];

/** Pieces of paths, put together in ways that nobody has thought of. */
const pathPiece = fc.constantFrom(
  '.',
  '..',
  '/',
  './',
  '~',
  'html',
  'data',
  '.folders',
  'etc',
  'proc',
  ':',
  ':ro',
  '\\',
  ' ',
);
const strangeMount = fc
  .tuple(fc.array(pathPiece, { maxLength: 6 }), fc.array(pathPiece, { maxLength: 6 }))
  .map(([source, target]): Fragment => ({ volumes: [`${source.join('')}:/${target.join('')}`] }));
const strangeMap = fc
  .dictionary(fc.constantFrom('image', 'user', 'labels', 'command', 'x', '__proto__'), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 3,
  })
  .map((map): Fragment => map);

const fragment = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...good) },
  { weight: 2, arbitrary: fc.constantFrom(...hostile) },
  { weight: 3, arbitrary: strangeMount },
  { weight: 1, arbitrary: strangeMap },
);

const service = fc
  .array(fragment, { maxLength: 6 })
  .map((fragments): Fragment => Object.assign({ image: 'nginx:alpine' }, ...fragments));

const top = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom<Fragment>({ include: ['a'] }, { volumes: { data: { external: true } } }) },
  { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }) },
);

/** Files that are right for the most part, with hostile fragments among them. */
export const composeFile: fc.Arbitrary<Fragment> = fc
  .tuple(top, service, fc.dictionary(fc.constantFrom('db', 'api', 'cache'), service, { maxKeys: 2 }))
  .map(([others, web, more]) => ({
    services: { web, other: { image: 'node:18-alpine' }, ...more },
    networks: { front: null },
    volumes: { data: {} },
    ...others,
  }));
