import type { ApiClient } from '@nalabo/start';
import type Docker from 'dockerode';

const patienceMs = 10_000;

/** Somebody at a terminal. */
export interface Typist {
  /** Types a letter, and takes it back; gives the milliseconds until the letter was seen. */
  echoMs(): Promise<number>;
  close(): void;
}

/** Bytes out and bytes in, the same for both sides. */
class Keyboard implements Typist {
  private seen: (() => void) | undefined;

  constructor(
    private readonly send: (text: string) => void,
    readonly close: () => void,
  ) {}

  readonly show = (): void => this.seen?.();

  /** After the prompt. */
  async echoMs(): Promise<number> {
    const startedAt = performance.now();
    await this.type('a');
    const milliseconds = performance.now() - startedAt;
    await this.type('\x7f');
    return milliseconds;
  }

  async type(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('the terminal shows nothing')), patienceMs);
    this.seen = resolve;
    this.send(text);
    await promise.finally(() => clearTimeout(timer));
  }
}

/** By a ticket and a WebSocket, as the page does. */
export async function typistOfPlatform(api: ApiClient, sessionId: string): Promise<Typist> {
  const base = `/api/workshops/sessions/${sessionId}/terminal`;
  const { status, body } = await api.send({ method: 'POST', path: `${base}/tickets`, body: {} });
  if (status !== 201) throw new Error(`no ticket for a terminal: ${status}`);
  const { ticket } = body as { ticket: string };
  const socket = new WebSocket(api.url.replace('http', 'ws') + base, ['nalabo.terminal.v1', `ticket.${ticket}`]);
  const keyboard = new Keyboard(
    (text) => socket.send(new TextEncoder().encode(text)),
    () => socket.close(),
  );
  const prompt = Promise.withResolvers<void>();
  socket.addEventListener('error', () => prompt.reject(new Error('the terminal cannot be reached')));
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') return;
    prompt.resolve();
    keyboard.show();
  });
  await prompt.promise;
  return keyboard;
}

/** By an exec with a terminal, through the engine alone. */
export async function typistOfEngine(container: Docker.Container): Promise<Typist> {
  const exec = await container.exec({
    Cmd: ['bash'],
    User: '1000:1000',
    WorkingDir: '/workspace',
    Env: ['TERM=xterm-256color'],
    Tty: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  const keyboard = new Keyboard(
    (text) => void stream.write(text),
    () => stream.destroy(),
  );
  const prompt = Promise.withResolvers<void>();
  stream.on('data', () => {
    prompt.resolve();
    keyboard.show();
  });
  await prompt.promise;
  return keyboard;
}
