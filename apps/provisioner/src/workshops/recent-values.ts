/** Values that never change once they are there, of which those are kept that were asked for last. */
export class RecentValues<Value> {
  private readonly values = new Map<string, Value>();

  /** @param most How many are kept. */
  constructor(private readonly most: number) {}

  /** @param make Is asked for what is not kept. Nothing is kept when it throws. */
  async of(key: string, make: () => Promise<Value>): Promise<Value> {
    const kept = this.values.get(key);
    const value = kept === undefined ? await make() : kept;
    // A map keeps the order in which its keys came, so that the first one is the one that was not asked for the longest.
    this.values.delete(key);
    this.values.set(key, value);
    const [oldest] = this.values.keys();
    if (this.values.size > this.most && oldest !== undefined) this.values.delete(oldest);
    return value;
  }
}
