/** What a YAML file may be, so that reading it costs little whatever it holds. */
export interface YamlLimits {
  readonly bytes: number;
  readonly documents: number;
  readonly depth: number;
  /** Words, signs and spaces: reading takes more than linear time for some of them. */
  readonly tokens: number;
  /** How often anchors are used, and the values that the file stands for once they are. */
  readonly aliases: number;
  readonly nodes: number;
}

/** What a file may be at most. The size is the one of a request's body. */
export const yamlLimits: YamlLimits = {
  bytes: 768 * 1024,
  documents: 64,
  depth: 50,
  tokens: 120_000,
  aliases: 50,
  nodes: 20_000,
};
