import type { WorkshopContent } from '@nalabo/contracts';
import { AppError } from '@nalabo/kernel';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { judgeBrought } from './judge-brought.js';
import { parseWorkshopFile } from './workshop-file.js';

const compose = `services:
  web:
    image: nginx:alpine
    volumes: ["./html:/usr/share/nginx/html"]
`;

function ship(overrides: object, beside: Readonly<Record<string, string>> = {}): WorkshopContent {
  const description = { id: 'w', title: 'W', infrastructure: ['docker'], images: ['nginx:alpine'], ...overrides };
  const files = new Map(Object.entries({ 'compose.yaml': compose, 'html/index.html': 'hello', ...beside }));
  return parseWorkshopFile(stringify(description), 'workshop.yaml', files);
}

function refusal(text: string, overrides: object = {}): AppError {
  const workshop = ship({ compose: 'compose.yaml', ...overrides }, { 'compose.yaml': text });
  try {
    judgeBrought(workshop);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it is not refused');
}

describe('what a workshop ships', () => {
  it('is nothing unless it says so', () => {
    const workshop = ship({ images: undefined });
    expect(workshop).toMatchObject({ images: [], compose: null, manifests: null, files: {} });
    expect(() => judgeBrought(workshop)).not.toThrow();
  });

  it('is stored with the text of the Compose file and the content of the files that are named', () => {
    const workshop = ship({ compose: 'compose.yaml', files: ['html/index.html'] }, { 'README.md': 'not named' });
    expect(workshop).toMatchObject({ compose: { text: compose }, files: { 'html/index.html': 'hello' } });
    expect(() => judgeBrought(workshop)).not.toThrow();
  });

  it.each([
    [{ compose: 'other.yaml' }, 'there is no other.yaml'],
    [{ compose: 'compose.yaml', files: ['html/other.html'] }, 'there is no html/other.html'],
    [{ compose: '../compose.yaml' }, 'compose: '],
    [{ compose: 'compose.yaml', files: ['/etc/passwd'] }, 'files.0: '],
    [{ compose: 'compose.yaml', files: ['html/../../secret'] }, 'files.0: '],
    [{ compose: 'compose.yaml', files: ['.git/config'] }, 'files.0: '],
    [{ compose: 'compose.yaml', infrastructure: ['kubernetes'] }, 'infrastructure: must have docker'],
    [{ files: ['html/index.html'], infrastructure: ['kubernetes'] }, 'infrastructure: must have docker'],
    [{ manifests: 'compose.yaml' }, 'infrastructure: must have kubernetes'],
    [{ manifests: 'other.yaml', infrastructure: ['kubernetes'] }, 'there is no other.yaml'],
    [{ id: 'sessions' }, 'id: '],
    [{ title: 'a\0b' }, 'title: '],
    [{ images: [''] }, 'images.0: '],
  ])('is refused as %j', (overrides, message) => {
    expect(() => ship(overrides)).toThrow(message);
  });

  it('is refused when it is too large to be kept', () => {
    const overrides = { compose: 'compose.yaml', files: ['html/index.html'] };
    expect(() => ship(overrides, { 'html/index.html': 'x'.repeat(512 * 1024) })).toThrow('files: must take at most');
  });
});

describe('the Compose file of a workshop', () => {
  it('is refused with each rule that it breaks, its place and its line', () => {
    const error = refusal(`services:
  web:
    image: nginx:alpine
    privileged: true
    network_mode: host
`);
    expect(error.kind).toBe('unprocessable');
    expect(error.message).toContain('line 4, services.web.privileged ');
    expect(error.message).toContain('(compose.service.privileged)');
    expect(error.details.violations).toMatchObject([
      { field: 'compose.text', path: 'services.web.privileged', line: 4, rule: 'compose.service.privileged' },
      { field: 'compose.text', path: 'services.web.network_mode', line: 5, rule: 'compose.service.network_mode' },
    ]);
  });

  it('may name no image but those of the workshop', () => {
    expect(refusal(compose, { images: ['node:18-alpine'] }).message).toContain('(compose.image-allowed)');
  });

  it('has to fit into what a session of the workshop leaves to its services', () => {
    const text = `${compose}    mem_limit: 600m\n`;
    expect(() => judgeBrought(ship({ compose: 'compose.yaml' }, { 'compose.yaml': text }))).not.toThrow();
    const small = { resources: { default: { docker: { memory: '1Gi' } } } };
    expect(refusal(text, small).message).toContain('(compose.sum-of-limits)');
  });

  it('mounts no single file of those that are shipped', () => {
    const text = compose.replace('./html:', './html/index.html:');
    expect(refusal(text, { files: ['html/index.html'] }).message).toContain('(compose.single-file)');
  });

  it('is refused as a whole when it is none', () => {
    expect(refusal('services: [').message).toContain('(yaml.syntax)');
  });
});
