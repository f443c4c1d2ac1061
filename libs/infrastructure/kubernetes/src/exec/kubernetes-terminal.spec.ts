import type { TerminalExec } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { execFrame, FakeExecServer } from '../testing/fake-exec-server.js';
import { channels } from './exec-frames.js';
import { KubernetesTerminals } from './kubernetes-terminal.js';

const request = {
  argv: ['bash'],
  environment: { PASSWORD: 'a-secret' },
  hasInput: true,
  mayLeaveProcesses: false,
};
const servers: FakeExecServer[] = [];
let asked: URL | undefined;

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(play: (peer: WebSocket) => void): Promise<{ server: FakeExecServer; opened: TerminalExec }> {
  const server = new FakeExecServer((peer, url) => {
    asked = url;
    play(peer);
  });
  servers.push(server);
  const place = { namespace: 'n', pod: 'workbench', container: 'workbench' };
  return { server, opened: await new KubernetesTerminals(await server.listen(), place).openTerminal(request) };
}

describe('KubernetesTerminals', () => {
  it('send what is run when the terminal shows nothing of it any more, and keep it out of the address', async () => {
    const { server, opened } = await open((peer) => {
      peer.once('message', (script: Buffer) => {
        peer.send(execFrame(channels.stdout, `got ${script.subarray(1).toString()}`));
        peer.send(execFrame(channels.status, JSON.stringify({ status: 'Success' })));
      });
      peer.send(execFrame(channels.stdout, 'noise'));
      peer.send(execFrame(channels.stdout, '\x01'));
    });
    const shown: string[] = [];
    const stdout = (chunk: Uint8Array): void => void shown.push(Buffer.from(chunk).toString());
    await opened.stream.read({ stdout, stderr: () => undefined });
    expect(shown).toEqual([`got export PASSWORD='a-secret'; exec 'bash'\n`]);
    expect(await opened.stream.ended()).toEqual({ kind: 'exited', exitCode: 0 });
    expect(asked?.searchParams.get('tty')).toBe('true');
    expect(decodeURIComponent(String(asked))).not.toMatch(/bash|PASSWORD|a-secret/);
    expect(server.receivedOn(channels.close).length).toBe(0);
    opened.stream.close();
  });

  it('tell a new size', async () => {
    const { server, opened } = await open((peer) => peer.send(execFrame(channels.stdout, '\x01')));
    await opened.resize({ columns: 120, rows: 40 });
    await eventually(() =>
      expect(JSON.parse(server.receivedOn(channels.resize).toString())).toEqual({ Width: 120, Height: 40 }),
    );
    opened.stream.close();
  });

  it.each([
    ['ends', (peer: WebSocket) => peer.send(execFrame(channels.status, JSON.stringify({ status: 'Failure' })))],
    ['is lost', (peer: WebSocket) => peer.terminate()],
  ])('are refused when what shall open them %s', async (_, play) => {
    await expect(open(play)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
