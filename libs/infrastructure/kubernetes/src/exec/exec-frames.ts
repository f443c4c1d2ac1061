/**
 * The frames of `v5.channel.k8s.io`: one byte for the channel, then the payload. It is the only version in which the
 * end of the standard input can be told without closing the connection, and so losing the exit code.
 */
export const execProtocol = 'v5.channel.k8s.io';

export const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 } as const;

const longestPayload = 32 * 1024;

export const endOfInputFrame: Uint8Array = Uint8Array.of(channels.close, channels.stdin);

export function* inputFrames(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += longestPayload) {
    yield frame(channels.stdin, bytes.subarray(start, start + longestPayload));
  }
}

export function resizeFrame(columns: number, rows: number): Uint8Array {
  return frame(channels.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
}

function frame(channel: number, payload: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(channel), payload]);
}
