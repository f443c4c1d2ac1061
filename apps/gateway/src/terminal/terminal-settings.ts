/** Where pages may come from. */
export class TerminalSettings {
  /**
   * @param origins Further origins whose pages may connect to terminals, besides those of the gateway's own host.
   * @param frameAncestors What may show the terminal page in a frame, as a source list of a content security policy.
   */
  constructor(
    readonly origins: readonly string[],
    readonly frameAncestors: string,
  ) {}
}
