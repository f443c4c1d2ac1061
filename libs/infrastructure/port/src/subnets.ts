/** Session networks are /28 subnets cut from one /16, numbered by a row that is committed before the network exists. */

export const subnetPool = { base: '10.213.0.0', prefixLength: 16, sessionPrefixLength: 28 } as const;
export const subnetCount = 2 ** (subnetPool.sessionPrefixLength - subnetPool.prefixLength);

/** The subnet with this index, in CIDR notation: 0 is 10.213.0.0/28, 1 is 10.213.0.16/28. */
export function subnetOf(index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= subnetCount) throw new RangeError(`no subnet ${index}`);
  const offset = index * 16;
  return `10.213.${Math.floor(offset / 256)}.${offset % 256}/${subnetPool.sessionPrefixLength}`;
}
