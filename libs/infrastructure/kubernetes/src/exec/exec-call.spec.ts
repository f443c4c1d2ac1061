import { expect, it } from 'vitest';
import { execUrl } from './exec-call.js';

const call = {
  namespace: 'nalabo-session-a',
  pod: 'workbench',
  container: 'checker',
  command: ['sh', '-c', 'a "b"\n&c=d'],
  isTerminal: false,
};

it('names the container and each argument of the command in the address, below the path of the server', () => {
  const url = execUrl('https://cluster.example/k8s/c-1', call);
  expect(url.pathname).toBe('/k8s/c-1/api/v1/namespaces/nalabo-session-a/pods/workbench/exec');
  expect([...url.searchParams]).toEqual([
    ['container', 'checker'],
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['stderr', 'true'],
    ['tty', 'false'],
    ['command', 'sh'],
    ['command', '-c'],
    ['command', 'a "b"\n&c=d'],
  ]);
});

it('asks for a single output stream with a terminal', () => {
  const { searchParams } = execUrl('https://cluster.example', { ...call, isTerminal: true });
  expect([searchParams.get('stderr'), searchParams.get('tty')]).toEqual(['false', 'true']);
});
