/** The limits of the HTTP API. A request outside them is refused before any service sees it. */
export const httpLimits = {
  bodyBytes: 768 * 1024,
  commandBytes: 96 * 1024,
  commandItems: 256,
  environmentEntries: 64,
  environmentValueBytes: 4096,
  stdinBytes: 256 * 1024,
  timeoutMs: { minimum: 100, default: 30_000, maximum: 300_000 },
  durationMinutes: { minimum: 1, maximum: 7 * 24 * 60 },
  preferWaitSeconds: 120,
  pageSize: { default: 50, maximum: 200 },
} as const;
