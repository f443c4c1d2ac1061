import { expect, it } from 'vitest';
import { chooseCorrelationId } from './correlation-id.js';

it('keeps a sane correlation id', () => {
  expect(chooseCorrelationId('order-42.a_b')).toBe('order-42.a_b');
});

it.each([undefined, '', 'a b', 'a\r\nb', 'é', 'x'.repeat(129), ['a', 'b']])(
  'replaces an unusable one (%j)',
  (offered) => {
    expect(chooseCorrelationId(offered)).toMatch(/^[0-9a-f-]{36}$/);
  },
);
