import { pack } from 'tar-stream';

const ignoreFile = '.dockerignore';
/** The same for everything: the builder takes what it has built before by what is in the files. */
const unchanging = { mode: 0o644, mtime: new Date(0) };

export interface BuildFiles {
  /** A name that none of the files can have. */
  readonly name: string;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** All that is sent to the builder, as an archive. What comes of the platform is kept out of what can be copied. */
export async function buildContext({ name, text, files }: BuildFiles): Promise<Buffer> {
  const archive = pack();
  const all = { ...files, [ignoreFile]: `${ignoreFile}\n${name}\n`, [name]: text };
  for (const [path, content] of Object.entries(all)) archive.entry({ name: path, ...unchanging }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}
