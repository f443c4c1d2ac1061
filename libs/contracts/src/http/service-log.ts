/** What reading the log of a service may take. */
export const serviceLogLimits = {
  /** In lines. */
  tail: { default: 100, maximum: 5000 },
  /** Of one session, at one executor. */
  readersPerSession: 8,
  /** Sent to a reader and not yet taken by its client. Until it is, no more is read from the infrastructure. */
  untakenBytes: 512 * 1024,
} as const;
