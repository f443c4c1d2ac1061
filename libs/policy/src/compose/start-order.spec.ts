import { describe, expect, it } from 'vitest';
import type { ComposeService } from './compose-model.js';
import { startOrder } from './start-order.js';

function order(dependencies: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const services = Object.entries(dependencies).map(([name, services]) => {
    return { name, dependsOn: services.map((service) => ({ service, condition: 'started' })) } as unknown;
  });
  return startOrder(services as ComposeService[]).map(({ name }) => name);
}

describe('the order in which services start', () => {
  it.each<[string, Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    ['that of the file when nothing waits', { a: [], b: [] }, ['a', 'b']],
    ['with what is waited for first', { a: ['b'], b: ['c'], c: [] }, ['c', 'b', 'a']],
    ['without a circle, and who waits for it', { a: ['b'], b: ['a'], c: ['a'], d: [] }, ['d']],
    ['with whoever waits for nobody that is there', { a: ['x'] }, ['a']],
  ])('is %s', (_name, dependencies, expected) => {
    expect(order(dependencies)).toEqual(expected);
  });
});
