/**
 * Session networks are /28 subnets, numbered by a row that is committed before the network exists. Each network of a session
 * is cut from a /16 of its own, so that one number is enough for all of them.
 */

export const subnetPool = { base: '10.213.0.0', prefixLength: 16, sessionPrefixLength: 28 } as const;
export const subnetCount = 2 ** (subnetPool.sessionPrefixLength - subnetPool.prefixLength);

/** How many networks a session may have besides its own: their pools follow on the first one. */
export const furtherNetworkCount = 3;

const firstBlock = 213;

/**
 * The subnet with this index, in CIDR notation: 0 is 10.213.0.0/28, 1 is 10.213.0.16/28.
 * @param network 0 for the session's own network, 1 to 3 for a further one.
 */
export function subnetOf(index: number, network = 0): string {
  if (!isWhole(index) || index >= subnetCount) throw new RangeError(`no subnet ${index}`);
  if (!isWhole(network) || network > furtherNetworkCount) throw new RangeError(`no network ${network}`);
  const offset = index * 16;
  return `10.${firstBlock + network}.${Math.floor(offset / 256)}.${offset % 256}/${subnetPool.sessionPrefixLength}`;
}

/** The index of a session's own subnet, or undefined when it is cut from another pool or in another way. */
export function subnetIndexOf(subnet: string): number | undefined {
  const [, third, fourth] = /^10\.213\.(\d{1,3})\.(\d{1,3})\/28$/.exec(subnet) ?? [];
  const index = (Number(third) * 256 + Number(fourth)) / 16;
  return isWhole(index) && index < subnetCount ? index : undefined;
}

function isWhole(number: number): boolean {
  return Number.isInteger(number) && number >= 0;
}
