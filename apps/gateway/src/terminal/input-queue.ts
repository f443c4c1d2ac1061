/** What a client has typed and no turn has taken yet, in order. */
export class InputQueue {
  private readonly pieces: Buffer[] = [];
  private length = 0;

  get bytes(): number {
    return this.length;
  }

  add(piece: Buffer): void {
    this.pieces.push(piece);
    this.length += piece.length;
  }

  /** Takes up to `limit` bytes from the front. */
  take(limit: number): Buffer {
    const all = Buffer.concat(this.pieces);
    const taken = all.subarray(0, limit);
    const rest = all.subarray(limit);
    this.pieces.splice(0, this.pieces.length, ...(rest.length > 0 ? [rest] : []));
    this.length = rest.length;
    return taken;
  }
}
