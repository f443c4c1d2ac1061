/** What a session gives to the objects of its learner. */
export interface NamespaceContext {
  readonly isolation: 'namespace';
  /** The namespace of the session. */
  readonly namespace: string;
  /** The names of the images that the workshop takes, exactly as they are to be written. */
  readonly images: readonly string[];
  /** What hosts of an Ingress must end in, for example `labs.example.org`; null when sessions take no Ingress. */
  readonly hostSuffix: string | null;
}

/** A cluster of the learner's own: only what leads out of it is refused. */
export interface VirtualContext {
  readonly isolation: 'virtual';
}

export type ManifestContext = NamespaceContext | VirtualContext;
