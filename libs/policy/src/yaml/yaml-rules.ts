import type { RuleText } from '../rules/scope.js';

/** What every YAML file is held to, whatever it is for. The messages of the limits are completed by their numbers. */
export const yamlRules = {
  size: {
    id: 'yaml.size',
    message: 'is larger than a file may be',
    hint: 'Send large content as a file beside the configuration.',
  },
  unicode: { id: 'yaml.unicode', message: 'is not well-formed Unicode', hint: 'Save the file as UTF-8.' },
  syntax: {
    id: 'yaml.syntax',
    message: 'is not YAML 1.2 with plain values',
    hint: 'Correct the line; tags such as !!binary or !own are not read.',
  },
  directive: {
    id: 'yaml.directive',
    message: 'has a directive; nothing but YAML 1.2 is read',
    hint: 'Leave the line out that begins with %.',
  },
  repeatedKey: { id: 'yaml.repeated-key', message: 'has a key twice', hint: 'Keep one of the two.' },
  documents: { id: 'yaml.documents', message: 'has too many documents', hint: 'Apply the file in parts.' },
  depth: { id: 'yaml.depth', message: 'is nested too deep', hint: 'Nest it less.' },
  tokens: { id: 'yaml.tokens', message: 'has too many words, signs and spaces', hint: 'Apply the file in parts.' },
  aliases: { id: 'yaml.aliases', message: 'has too many aliases', hint: 'Write some of the values out.' },
  anchor: {
    id: 'yaml.anchor',
    message: 'names an anchor that does not come before',
    hint: 'Define the anchor with & above its first use.',
  },
  nodes: {
    id: 'yaml.nodes',
    message: 'has too many values, its aliases followed',
    hint: 'Apply the file in parts, with fewer aliases.',
  },
  character: {
    id: 'yaml.character',
    message: 'has a character that is no text',
    hint: 'Leave out control characters and halves of characters.',
  },
  reservedName: {
    id: 'yaml.reserved-name',
    message: 'is a name that is reserved',
    hint: 'Names that begin with nalabo.io/ are written by the platform; choose another one.',
  },
  number: {
    id: 'yaml.number',
    message: 'is a number that would be changed on the way; write it as a text',
    hint: 'Put the number in quotes.',
  },
} as const satisfies Readonly<Record<string, RuleText>>;
