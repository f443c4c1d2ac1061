/** The first items that together take no more than about this many bytes of JSON, and never less than one. */
export function fitPage<Item>(items: readonly Item[], maximumBytes: number): Item[] {
  let bytes = 0;
  const overflow = items.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    return index > 0 && bytes > maximumBytes;
  });
  return overflow === -1 ? [...items] : items.slice(0, overflow);
}
