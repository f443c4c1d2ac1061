import { readCompose } from '@nalabo/policy';
import { describe, expect, it } from 'vitest';
import { escapeRows } from './escape-rows.cases.js';

const context = {
  images: ['nginx:alpine'],
  resources: { cpuMillis: 1000, memoryBytes: 2 ** 30, processes: 256 },
  files: new Set(['html/index.html']),
};
const other = 'nalabo-session-abcdefghijklmnopqrstuvwxyz';

const isRefused = (file: string): boolean => 'violations' in readCompose(file.replaceAll('OTHER', other), context);
const withKey = (key: string): string => {
  const image = key.startsWith('image:') ? '' : '    image: nginx:alpine\n';
  return `services:\n  web:\n${image}    ${key}\nvolumes: { data: }\n`;
};
const beside = (text: string): string => `services: { web: { image: "nginx:alpine" } }\n${text}\n`;

describe('a file that harms nobody', () => {
  it('is not refused', () => {
    expect(isRefused(withKey('volumes: ["data:/srv", "./html:/html"]'))).toBe(false);
    expect(isRefused(beside('networks: { default: }'))).toBe(false);
  });
});

describe.each(escapeRows)('a way to $escape', ({ inService, besideServices }) => {
  it.each([...inService.map((key) => [key, withKey(key)]), ...besideServices.map((text) => [text, beside(text)])])(
    'is refused: %s',
    (_, file) => {
      expect(isRefused(file)).toBe(true);
    },
  );
});
