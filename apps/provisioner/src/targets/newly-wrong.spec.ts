import type { PreflightFinding } from '@nalabo/contracts';
import { describe, expect, it } from 'vitest';
import { newlyWrong } from './newly-wrong.js';

const finding = (status: PreflightFinding['status'], detail = 'text'): PreflightFinding => ({
  name: 'metrics',
  status,
  detail,
});

describe('what is told of a preflight', () => {
  it.each<[string, PreflightFinding[], PreflightFinding, boolean]>([
    ['a first warning', [], finding('warning'), true],
    ['a first failure', [], finding('failed'), true],
    ['what is well', [finding('warning')], finding('ok'), false],
    ['the same warning again', [finding('warning')], finding('warning'), false],
    ['a warning that says something new', [finding('warning')], finding('warning', 'other'), true],
    ['a warning that became a failure', [finding('warning')], finding('failed'), true],
    ['a warning after it had been well', [finding('ok')], finding('warning'), true],
  ])('%s', (_case, before, now, isTold) => {
    expect(newlyWrong(before, [now])).toEqual(isTold ? [now] : []);
  });
});
