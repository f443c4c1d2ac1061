import { expect, it } from 'vitest';
import { isPublicRoute } from './is-public-route.js';

it.each([
  ['/health/live', true],
  ['/metrics', true],
  ['/terminal/:sessionId', true],
  ['/terminal/assets/:name', true],
  ['/api/workshops/sessions/:id/terminals', false],
  ['/api/workshops/sessions/:id/terminal/tickets', false],
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
