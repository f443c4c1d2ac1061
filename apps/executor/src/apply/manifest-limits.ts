/** What a file of a learner may be. The size is the one of a request's body. */
export const manifestLimits = {
  documents: 64,
  objects: 50,
  depth: 50,
  /** Words, signs and spaces: reading takes more than linear time for some of them. */
  tokens: 120_000,
  /** How often anchors are used, and the values that the file stands for once they are. */
  aliases: 50,
  nodes: 20_000,
  violations: 50,
} as const;
