import type { ExecRequest, ExecStream } from '@nalabo/infrastructure-port';
import { eventually } from '@nalabo/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { execFrame, FakeExecServer } from '../testing/fake-exec-server.js';
import { channels } from './exec-frames.js';
import { KubernetesExecTransport } from './kubernetes-exec-transport.js';

const request: ExecRequest = {
  argv: ['printenv', 'PASSWORD'],
  environment: { PASSWORD: 'a-secret' },
  hasInput: false,
  mayLeaveProcesses: true,
};
const servers: FakeExecServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Opened {
  readonly server: FakeExecServer;
  readonly stream: ExecStream;
  readonly url: URL;
}

/** @param play What the cluster does when it has the script, with the token of the notice. */
async function open(
  play: (peer: WebSocket, token: string) => void,
  overrides: Partial<ExecRequest> = {},
): Promise<Opened> {
  let url = new URL('http://none');
  const server = new FakeExecServer((peer, asked) => {
    url = asked;
    peer.once('message', (script: Buffer) => play(peer, /[0-9a-f]{32}/.exec(script.toString())?.[0] ?? ''));
  });
  servers.push(server);
  const place = { namespace: 'n', pod: 'workbench', container: 'workbench' };
  const stream = await new KubernetesExecTransport(await server.listen(), place).open({ ...request, ...overrides });
  return { server, stream, url };
}

async function outputOf(stream: ExecStream): Promise<{ stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  await stream.read({
    stdout: (chunk) => void (output.stdout += Buffer.from(chunk).toString()),
    stderr: (chunk) => void (output.stderr += Buffer.from(chunk).toString()),
  });
  return output;
}

const exitStatus = (code: number): Uint8Array =>
  execFrame(
    channels.status,
    JSON.stringify({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
    }),
  );
const notice = (token: string, code: number): Uint8Array => execFrame(channels.stderr, `\x01${token} ${code}\n`);

describe('KubernetesExecTransport', () => {
  it('keeps what is run out of the address and sends it as input', async () => {
    const { server, stream, url } = await open((peer) => peer.close());
    await outputOf(stream);
    expect(decodeURIComponent(url.toString())).not.toMatch(/printenv|PASSWORD|a-secret|[0-9a-f]{32}/);
    expect(server.receivedOn(channels.stdin).toString()).toContain(`export PASSWORD='a-secret'`);
    expect([...server.receivedOn(channels.close)]).toEqual([channels.stdin]);
  });

  it('sends the input of the program behind the script, and its end only when it is told to', async () => {
    const { server, stream } = await open(() => undefined, { hasInput: true });
    await stream.write(Buffer.from('input'));
    await eventually(() => expect(server.receivedOn(channels.stdin).toString()).toMatch(/\ninput$/));
    expect(server.receivedOn(channels.close).length).toBe(0);
    stream.endInput();
    await eventually(() => expect([...server.receivedOn(channels.close)]).toEqual([channels.stdin]));
    stream.close();
  });

  it('answers with the status, behind which it reads nothing', async () => {
    const { stream } = await open((peer, token) => {
      peer.send(execFrame(channels.stdout, 'out'));
      peer.send(notice(token, 3));
      peer.send(exitStatus(3));
    });
    expect(await outputOf(stream)).toEqual({ stdout: 'out', stderr: '' });
    expect(await stream.ended()).toEqual({ kind: 'exited', exitCode: 3 });
    stream.close();
  });

  it('knows the end from the notice while somebody holds the output open', async () => {
    const { stream } = await open((peer, token) => {
      peer.send(notice(token, 4));
      peer.send(execFrame(channels.stdout, 'late'));
    });
    expect(await stream.isRunning()).toBe(true);
    const reading = outputOf(stream);
    await eventually(async () => expect(await stream.isRunning()).toBe(false));
    expect(await stream.ended()).toEqual({ kind: 'exited', exitCode: 4 });
    stream.close();
    expect(await reading).toEqual({ stdout: 'late', stderr: '' });
  });

  it.each([
    ['breaks', (peer: WebSocket) => peer.terminate()],
    ['is closed in good order', (peer: WebSocket) => peer.close(1000)],
    [
      'breaks behind the notice, with output that may be missing',
      (peer: WebSocket, token: string) => peer.send(notice(token, 0), () => peer.terminate()),
    ],
  ])('is lost when the connection %s without a status', async (_, play) => {
    const { stream } = await open(play);
    expect(await outputOf(stream)).toEqual({ stdout: '', stderr: '' });
    expect(await stream.isRunning()).toBe(false);
    expect(await stream.ended()).toEqual({ kind: 'lost', detail: 'the connection to the workbench was lost' });
  });

  it('is lost when the shell around the program was killed, and not when the program was', async () => {
    const untold = await open((peer) => peer.send(exitStatus(137)));
    await outputOf(untold.stream);
    expect(await untold.stream.ended()).toMatchObject({ kind: 'lost' });
    const alone = await open((peer) => peer.send(exitStatus(137)), { mayLeaveProcesses: false });
    await outputOf(alone.stream);
    expect(await alone.stream.ended()).toEqual({ kind: 'exited', exitCode: 137 });
  });

  it('waits for the output to take each chunk', async () => {
    const { stream } = await open((peer) => {
      for (const text of ['a', 'b']) peer.send(execFrame(channels.stdout, text));
      peer.send(exitStatus(1));
    });
    const order: string[] = [];
    const stdout = async (chunk: Uint8Array): Promise<void> => {
      order.push(`${Buffer.from(chunk)} given`);
      await Promise.resolve();
      order.push(`${Buffer.from(chunk)} taken`);
    };
    await stream.read({ stdout, stderr: () => undefined });
    expect(order).toEqual(['a given', 'a taken', 'b given', 'b taken']);
  });

  it('throws what its consumer throws', async () => {
    const { stream } = await open((peer) => peer.send(execFrame(channels.stdout, 'a')));
    const stdout = (): never => {
      throw new Error('no more');
    };
    await expect(stream.read({ stdout, stderr: () => undefined })).rejects.toThrow('no more');
    stream.close();
  });
});
