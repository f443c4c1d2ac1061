import { describe, expect, it } from 'vitest';
import { sumSamples } from './sum-samples.js';

const workbench = {
  sessionId: 'a',
  cpuSecondsTotal: 1.5,
  memoryBytes: 100,
  networkReceivedBytes: 10,
  networkSentBytes: 20,
  processes: 3,
};
const web = { ...workbench, cpuSecondsTotal: 2, memoryBytes: 50, networkReceivedBytes: null, processes: 2 };

describe('sumSamples', () => {
  it('adds what all containers of a session use', () => {
    expect(sumSamples([workbench, { ...workbench, memoryBytes: 1 }])).toEqual({
      sessionId: 'a',
      cpuSecondsTotal: 3,
      memoryBytes: 101,
      networkReceivedBytes: 20,
      networkSentBytes: 40,
      processes: 6,
    });
  });

  it('knows a figure of the session only when it knows that of each container', () => {
    expect(sumSamples([workbench, web])).toMatchObject({ cpuSecondsTotal: 3.5, networkReceivedBytes: null });
    expect(sumSamples([web, workbench])).toMatchObject({ processes: 5, networkReceivedBytes: null });
  });

  it('gives nothing for no containers', () => {
    expect(sumSamples([])).toBeUndefined();
  });
});
