/** How many bytes a UTF-8 character has that begins with this byte; 1 for what begins none. */
function lengthBeganBy(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  if (byte >= 0xf0 && byte <= 0xf4) return 4;
  return 1;
}

/**
 * How many of the bytes may be passed on without cutting a UTF-8 character: all, unless the last one to three begin a
 * character that needs more. Bytes that are no UTF-8 hold nothing back.
 */
export function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const isContinuation = byte >= 0x80 && byte <= 0xbf;
    if (isContinuation) continue;
    return lengthBeganBy(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
