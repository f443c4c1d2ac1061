import { EventEmitter } from 'node:events';
import { eventually } from '@nalabo/testing';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { superviseProcess, type SupervisedProcess } from './supervise-process.js';

class FakeProcess extends EventEmitter implements SupervisedProcess {
  readonly exits: number[] = [];

  exit(code: number): void {
    this.exits.push(code);
  }
}

const silent = pino({ level: 'silent' });

describe('a supervised process', () => {
  it('stops in order once, and ends with 0, however many signals come', async () => {
    const supervised = new FakeProcess();
    let stops = 0;
    superviseProcess(supervised, silent).stopWith(async () => {
      stops += 1;
    });
    supervised.emit('SIGINT');
    supervised.emit('SIGTERM');
    await eventually(() => expect(supervised.exits).toEqual([0]));
    expect(stops).toBe(1);
  });

  it('obeys a signal that came before the service was up', async () => {
    const supervised = new FakeProcess();
    const supervision = superviseProcess(supervised, silent);
    supervised.emit('SIGTERM');
    supervision.stopWith(() => Promise.resolve());
    await eventually(() => expect(supervised.exits).toEqual([0]));
  });

  it.each(['unhandledRejection', 'uncaughtException'])('ends with 1 after an %s', (event) => {
    const supervised = new FakeProcess();
    superviseProcess(supervised, silent);
    supervised.emit(event, new Error('broken'));
    expect(supervised.exits).toEqual([1]);
  });

  it('ends with 1 when stopping fails', async () => {
    const supervised = new FakeProcess();
    superviseProcess(supervised, silent).stopWith(() => Promise.reject(new Error('cannot close')));
    supervised.emit('SIGTERM');
    await eventually(() => expect(supervised.exits).toEqual([1]));
  });
});
