/** Non-blank lines that a source file may have. Lint stops at the same number; this report shows the way there. */
export const lineLimit = 250;

export interface SourceFile {
  readonly project: string;
  readonly path: string;
  readonly text: string;
}

export interface ProjectSize {
  readonly project: string;
  readonly files: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
}

export interface SizeReport {
  readonly projects: readonly ProjectSize[];
  readonly tooLong: readonly { readonly path: string; readonly lines: number }[];
}

/** The sizes of each project's files in non-blank lines, and every file over the limit. */
export function sizeReport(files: readonly SourceFile[]): SizeReport {
  const counted = files.map(({ project, path, text }) => ({ project, path, lines: nonBlankLines(text) }));
  const projects = [...Map.groupBy(counted, ({ project }) => project)].map(([project, ofProject]) =>
    projectSize(
      project,
      ofProject.map(({ lines }) => lines),
    ),
  );
  const tooLong = counted.filter(({ lines }) => lines > lineLimit).map(({ path, lines }) => ({ path, lines }));
  return { projects: projects.toSorted((a, b) => a.project.localeCompare(b.project)), tooLong };
}

export function renderSizeReport({ projects, tooLong }: SizeReport): string {
  const width = Math.max(0, ...projects.map(({ project }) => project.length));
  const row = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(6))].join(' ');
  return [
    row('lines', ['files', 'median', 'p90', 'max']),
    ...projects.map(({ project, files, median, p90, max }) => row(project, [files, median, p90, max])),
    ...tooLong.map(({ path, lines }) => `${path} has ${lines} lines; at most ${lineLimit} are allowed`),
  ].join('\n');
}

function nonBlankLines(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}

function projectSize(project: string, lines: readonly number[]): ProjectSize {
  const sorted = lines.toSorted((a, b) => a - b);
  return {
    project,
    files: sorted.length,
    median: nearestRank(sorted, 0.5),
    p90: nearestRank(sorted, 0.9),
    max: nearestRank(sorted, 1),
  };
}

function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
