/** What a Dockerfile and the files that come with it may be. */
export const dockerfileLimits = {
  bytes: 64 * 1024,
  lines: 200,
  stages: 10,
  /** Instructions of all stages that write files. */
  layers: 20,
  /** Variables, labels and ports of all stages. */
  values: 64,
  files: 50,
  /** All files that come with it together. */
  fileBytes: 1024 * 1024,
} as const;
