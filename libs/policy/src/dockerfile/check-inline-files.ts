import { type Findings, Scope } from '../rules/scope.js';
import { dockerfileLimits } from './dockerfile-limits.js';
import type { DockerfileRule } from './dockerfile-rule.js';
import { inlineFileRules } from './file-rules.js';
import { relativePath } from './image-path.js';

const longestPath = 255;
/** Some builders also read one that is named after the Dockerfile. */
const ignoreFile = /^[^/]*\.dockerignore$/i;

/** Finds what is wrong with the files that came with a Dockerfile. */
export function checkInlineFiles(files: ReadonlyMap<string, string>, findings: Findings): void {
  const all = new Scope(inlineFileRules.count, ['files'], findings);
  if (files.size > dockerfileLimits.files) return all.refuse();
  const folders = new Set([...files.keys()].filter((path) => path.length <= longestPath).flatMap(foldersAbove));
  let bytes = 0;
  for (const [path, content] of files) {
    const file = all.at(JSON.stringify(path.slice(0, longestPath)));
    bytes += Buffer.byteLength(content);
    const broken = ruleBrokenBy(path, folders);
    if (broken) file.under(broken).refuse();
    if (content.includes('\0') || !content.isWellFormed()) file.under(inlineFileRules.content).refuse();
  }
  if (bytes > dockerfileLimits.fileBytes) all.under(inlineFileRules.size).refuse();
}

function ruleBrokenBy(path: string, folders: ReadonlySet<string>): DockerfileRule | undefined {
  if (path.length > longestPath || relativePath(path) !== path || path === '.') return inlineFileRules.path;
  if (ignoreFile.test(path)) return inlineFileRules.ignore;
  return folders.has(path) ? inlineFileRules.folder : undefined;
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
