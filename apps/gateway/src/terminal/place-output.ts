/** Where a frame of output belongs for a client that has everything before `expected`. */
export type PlacedOutput =
  | { readonly kind: 'next'; readonly bytes: Buffer }
  /** The client has it already, as after a rewind. */
  | { readonly kind: 'known' }
  /** Something before it was lost on the way. */
  | { readonly kind: 'ahead' };

export function placeOutput(expected: number, offset: number, bytes: Buffer): PlacedOutput {
  if (offset > expected) return { kind: 'ahead' };
  if (offset + bytes.length <= expected) return { kind: 'known' };
  return { kind: 'next', bytes: bytes.subarray(expected - offset) };
}
