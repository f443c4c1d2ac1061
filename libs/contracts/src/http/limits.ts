/** The limits of the HTTP API. A request outside them is refused before any service sees it. */
export const httpLimits = {
  bodyBytes: 768 * 1024,
  commandBytes: 96 * 1024,
  commandItems: 256,
  environmentEntries: 64,
  environmentValueBytes: 4096,
  stdinBytes: 256 * 1024,
  applyFiles: 100,
  timeoutMs: { minimum: 100, default: 30_000, maximum: 300_000 },
  durationMinutes: { minimum: 1, maximum: 7 * 24 * 60 },
  preferWaitSeconds: 120,
  pageSize: { default: 50, maximum: 200 },
} as const;

/**
 * Two waits that belong together: a command whose kill nobody confirms still has its end answered, so the kill is given
 * up well before the client is told that no answer came.
 */
export const commandWaits = {
  /** How long a killed command's end is waited for before nobody can say what became of it. */
  killGraceMs: 4000,
  /** How much longer than the command itself its answer may take: the start, the kill after the timeout, the commit. */
  replyMarginMs: 10_000,
} as const;
