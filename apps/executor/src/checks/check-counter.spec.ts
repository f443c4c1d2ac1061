import { type Attributes, createNoopMeter, metrics } from '@opentelemetry/api';
import { afterAll, expect, it } from 'vitest';
import { CheckCounter } from './check-counter.js';

afterAll(() => metrics.disable());

it('counts each end by workshop, check and outcome', () => {
  const added: [string, number, Attributes | undefined][] = [];
  const createCounter = (name: string) => ({
    add: (value: number, attributes?: Attributes) => void added.push([name, value, attributes]),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => Object.assign(createNoopMeter(), { createCounter }) });
  new CheckCounter().count({ workshopId: 'linux-basics', checkId: 'notes-exist', outcome: 'failed' });
  expect(added).toEqual([['nalabo_checks', 1, { workshop: 'linux-basics', check: 'notes-exist', outcome: 'failed' }]]);
});
