/** Images that workshops name, each with the folder in deploy/images that describes what stands in for it. */
export const standIns = { 'nginx:alpine': 'nginx-stand-in', 'node:18-alpine': 'node-stand-in' } as const;
export type StandInName = keyof typeof standIns;

/** On every stand-in: the name of the image in whose place it is. No other image carries it. */
export const standInLabel = 'io.nalabo.stand-in-for';

export function isStandInName(reference: string): reference is StandInName {
  return Object.hasOwn(standIns, reference);
}
