import { describe, expect, it } from 'vitest';
import { isFrameworkStep, lineFormatter, lineSplitter, messageOf } from './log-lines.js';

const format = lineFormatter({ colour: false });

describe('a line of a service', () => {
  it('shows time, level, message and fields, without what every line repeats', () => {
    const line =
      '{"level":"info","time":"2026-01-01T10:20:30.000Z","service":"gateway","instance":"local","url":"x","msg":"up"}';
    expect(format('gateway', line)).toMatch(/^gateway {5}\| \[\d\d:\d\d:\d\d\] INFO: up \{"url":"x"\}$/);
  });

  it('names the part of the service that speaks', () => {
    const line = '{"level":"warn","service":"cleanup","context":"Re-read","msg":"trying on"}';
    expect(format('cleanup', line)).toBe('cleanup     | WARN: Re-read: trying on');
  });

  it('is left out only when it is an ordinary step of the framework', () => {
    const step = '{"level":"info","context":"RouterExplorer","msg":"Mapped {/health/live, GET} route"}';
    expect(isFrameworkStep(step)).toBe(true);
    expect(isFrameworkStep(step.replace('info', 'error'))).toBe(false);
    expect(isFrameworkStep('{"level":"info","context":"Database","msg":"open"}')).toBe(false);
  });

  it('stays as it is when it is no log line', () => {
    expect(format('cleanup', 'configuration: PORT: missing')).toBe('cleanup     | configuration: PORT: missing');
  });

  it.each([
    ['{"msg":"cannot start","err":{"message":"no database"}}', 'cannot start: no database'],
    ['{"msg":"stopped"}', 'stopped'],
    ['Killed', 'Killed'],
  ])('%s is summed up as %s', (line, summary) => {
    expect(messageOf(line)).toBe(summary);
  });

  it('is put together from the pieces it arrives in', () => {
    const lines: string[] = [];
    const take = lineSplitter((line) => lines.push(line));
    for (const piece of ['one\ntw', 'o', '\n\nthree']) take(piece);
    expect(lines).toEqual(['one', 'two']);
  });
});
