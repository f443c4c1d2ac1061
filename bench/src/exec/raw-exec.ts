import type Docker from 'dockerode';

export interface RawResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** From the call to the first byte of output, in milliseconds; null without output. */
  readonly firstByteMs: number | null;
}

/** One command as somebody runs it with the engine alone: exec, start, read to the end, inspect. */
export async function rawExec(container: Docker.Container, argv: readonly string[]): Promise<RawResult> {
  const calledAt = performance.now();
  let firstByteMs: number | null = null;
  const exec = await container.exec({
    Cmd: [...argv],
    User: '1000:1000',
    WorkingDir: '/workspace',
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({});
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    firstByteMs ??= performance.now() - calledAt;
    chunks.push(chunk);
  });
  await new Promise((ended) => stream.once('end', ended));
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode, stdout: stdoutOf(Buffer.concat(chunks)), firstByteMs };
}

/** The engine's framing: one byte of stream, three of nothing, four of length, then the payload. */
function stdoutOf(framed: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= framed.length;) {
    const length = framed.readUInt32BE(at + 4);
    if (framed[at] === 1) parts.push(framed.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
