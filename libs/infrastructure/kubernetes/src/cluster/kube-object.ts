/** An object of the Kubernetes API as it travels. Fields beyond the metadata are read where they are needed. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  readonly [field: string]: unknown;
}

export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Who set which field; often larger than everything else. */
  readonly managedFields?: unknown;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  readonly finalizers?: readonly string[];
}

/** Objects of one kind as they all were at one version of the cluster. */
export interface KubeSnapshot<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

export interface KubeList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  /** Null for none: that is how some servers write an empty list of metadata. */
  readonly items: readonly T[] | null;
}
