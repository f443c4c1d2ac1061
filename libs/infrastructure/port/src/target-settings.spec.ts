import { describe, expect, it } from 'vitest';
import { parseTargetSettings } from './target-settings.js';

const known = { docker: ['dockerHost', 'dockerNetwork'] };

describe('parseTargetSettings', () => {
  it('reads targets as an operator writes them', () => {
    const targets = [
      { type: 'docker', name: 'second', dockerHost: 'tcp://engine:2376', dockerNetwork: 'labs' },
      { type: 'docker', name: 'third' },
    ];
    expect(parseTargetSettings(JSON.stringify(targets), known)).toEqual(targets);
  });

  it.each([
    ['{', 'is not JSON'],
    ['{}', 'must hold a list'],
    ['["docker"]', 'target 0: must be an object of texts'],
    ['[{"type": "docker", "name": 1}]', 'target 0: must be an object of texts'],
    ['[{"type": "docker"}]', 'target 0: needs a type and a name'],
    ['[{"type": "nomad", "name": "n"}]', 'target n: there is no provider of type nomad'],
    ['[{"type": "toString", "name": "n"}]', 'target n: there is no provider of type toString'],
    ['[{"type": "docker", "name": "n", "dockerhost": "unix:///x"}]', 'target n: unknown settings: dockerhost'],
  ])('refuses %s', (text, message) => {
    expect(() => parseTargetSettings(text, known)).toThrow(
      expect.objectContaining({ kind: 'invalid_input', message: expect.stringContaining(message) }),
    );
  });
});
