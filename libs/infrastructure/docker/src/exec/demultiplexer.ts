import type { CommandIo } from '@nalabo/infrastructure-port';

const headerLength = 8;
const stderrType = 2;

/**
 * Takes an engine's multiplexed stream apart: frames of an 8-byte header (type, three zeros, length) and a payload.
 * Payloads are handed on as they come, without being joined, so the cost is linear whatever the frames look like.
 */
export class Demultiplexer {
  private readonly header = new Uint8Array(headerLength);
  private headerBytes = 0;
  private payloadLeft = 0;

  /** Resolves when the output has taken everything in the chunk. */
  async push(chunk: Uint8Array, io: CommandIo): Promise<void> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.payloadLeft === 0) {
        offset += this.takeHeader(chunk, offset);
        continue;
      }
      const end = Math.min(chunk.length, offset + this.payloadLeft);
      this.payloadLeft -= end - offset;
      const taken = this.write(chunk.subarray(offset, end), io);
      // Waiting for what is not a promise would cost a turn of the event loop per frame.
      if (taken) await taken;
      offset = end;
    }
  }

  private takeHeader(chunk: Uint8Array, offset: number): number {
    const length = Math.min(headerLength - this.headerBytes, chunk.length - offset);
    this.header.set(chunk.subarray(offset, offset + length), this.headerBytes);
    this.headerBytes += length;
    if (this.headerBytes === headerLength) {
      this.payloadLeft = new DataView(this.header.buffer).getUint32(4);
      this.headerBytes = 0;
    }
    return length;
  }

  private write(payload: Uint8Array, io: CommandIo): void | Promise<void> {
    return this.header[0] === stderrType ? io.stderr(payload) : io.stdout(payload);
  }
}
