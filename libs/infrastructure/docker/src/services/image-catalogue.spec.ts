import { describe, expect, it } from 'vitest';
import { parseImageCatalogue, shippedImages } from './image-catalogue.js';

describe('the images of an operator', () => {
  it('are known by the references that Compose files write', () => {
    const images = parseImageCatalogue({ 'redis:7': { capabilities: ['SETUID'], writable: ['/data'] } });
    expect(images.references).toEqual(['redis:7']);
    expect(images.get('redis:7')).toEqual({ capabilities: ['SETUID'], writablePaths: ['/data'] });
    expect(images.get('redis')).toBeUndefined();
    expect(images.get('constructor')).toBeUndefined();
  });

  it.each([
    ['a capability that no service can have', { capabilities: ['SYS_ADMIN'], writable: [] }],
    ['a path that is not absolute', { capabilities: [], writable: ['tmp'] }],
    ['a path that leads elsewhere', { capabilities: [], writable: ['/tmp/../etc:x'] }],
    ['anything else', { capabilities: [], writable: [], privileged: true }],
  ])('are refused with %s', (_, rights) => {
    expect(() => parseImageCatalogue({ image: rights })).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
  });

  it('are those that are shipped, unless there are others', () => {
    expect(shippedImages.references).toEqual(['nginx:alpine', 'node:18-alpine']);
  });
});
