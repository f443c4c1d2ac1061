const service = 'services:\n  web:\n';
const surroundings = '  other: { image: nginx:alpine }\nnetworks: { front: }\nvolumes: { data: }\n';

/** An example of a whole file. A service is added where there is none. */
export function inFile(example: string): string {
  return /^services:/m.test(example) ? example : `${example}\n${service}    image: nginx:alpine\n`;
}

/** An example inside a service, which has an image, a neighbour, a network `front` and a volume `data`. */
export function inService(example: string): string {
  const image = /^image:/m.test(example) ? '' : '    image: nginx:alpine\n';
  return `${service}${image}${indented(example, 4)}\n${surroundings}`;
}

/** An example inside a map that is the only value of a key of a service. */
export function inServiceUnder(key: string, others = ''): (example: string) => string {
  return (example) => inService(`${key}:\n${indented(`${others}${example}`, 2)}`);
}

/** An example inside the only item of a list of a service. */
export function inServiceList(key: string, others = ''): (example: string) => string {
  return (example) => inService(`${key}:\n  -\n${indented(`${others}${example}`, 4)}`);
}

export function indented(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}
