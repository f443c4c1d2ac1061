/** What a Dockerfile says, in words of our own: all that a builder is ever told of it. */
export interface DockerfileModel {
  /** In the order of the file. The last one is the image. */
  readonly stages: readonly Stage[];
}

export interface Stage {
  readonly name: string | null;
  /** An image of the allow-list, or the name of a stage before. */
  readonly base: { readonly image: string } | { readonly stage: string };
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: 'run' | 'cmd' | 'entrypoint'; readonly command: Command }
  | { readonly kind: 'shell'; readonly words: readonly string[] }
  | CopyStep
  /** A value may hold one variable, written `${NAME}`, and no other dollar sign. */
  | { readonly kind: 'env'; readonly values: readonly NamedValue[] }
  | { readonly kind: 'arg'; readonly values: readonly NamedValue<string | null>[] }
  | { readonly kind: 'label'; readonly values: readonly NamedValue[] }
  /** Each with its protocol, for example `80/tcp`. */
  | { readonly kind: 'expose'; readonly ports: readonly string[] }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'workdir'; readonly path: string }
  | { readonly kind: 'stopsignal'; readonly signal: string };

export interface CopyStep {
  readonly kind: 'copy';
  /** The stage that the sources come from. Null for the files that came with the Dockerfile. */
  readonly from: string | null;
  readonly owner: string | null;
  /** Relative and without `..` for files that came with it, `.` for all of them; absolute in a stage. */
  readonly sources: readonly string[];
  /** Absolute. Ends with a slash when it is a folder. */
  readonly target: string;
}

/** A text for the shell, or the words of a program. */
export type Command = string | readonly string[];

export interface NamedValue<Value = string> {
  readonly name: string;
  readonly value: Value;
}

/** What the reading of a Dockerfile is told besides its text. */
export interface DockerfileContext {
  /** The exact names of images to start from. */
  readonly images: readonly string[];
  /** The files that came with it: content by path. */
  readonly files: ReadonlyMap<string, string>;
}
