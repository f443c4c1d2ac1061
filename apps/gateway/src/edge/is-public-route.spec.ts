import { expect, it } from 'vitest';
import { isPublicRoute } from './is-public-route.js';

it.each([
  ['/health/live', true],
  ['/metrics', true],
  ['/api/docs', true],
  ['/api/docs-json', true],
  ['/api/docs/*', true],
  ['/api/documents', false],
  ['/healthy', false],
  ['/api/keys', false],
  ['/api/workshops/sessions/:id/health', false],
  ['/', false],
])('says of %s that it is public: %s', (route, isPublic) => {
  expect(isPublicRoute(route)).toBe(isPublic);
});
