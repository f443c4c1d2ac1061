import { describe, expect, it } from 'vitest';
import { renderSizeReport, sizeReport, type SourceFile } from './size-report.js';

const file = (project: string, lines: number): SourceFile => ({
  project,
  path: `${project}/src/${lines}.ts`,
  text: 'x\n'.repeat(lines),
});

describe('size report', () => {
  it('counts lines that hold something', () => {
    const report = sizeReport([{ project: 'libs/a', path: 'libs/a/src/a.ts', text: 'one\n\n  \r\n\ttwo\nthree' }]);
    expect(report.projects).toEqual([{ project: 'libs/a', files: 1, median: 3, p90: 3, max: 3 }]);
  });

  it('gives median, ninth decile and maximum of each project by nearest rank', () => {
    const ten = [100, 20, 30, 40, 50, 60, 70, 80, 90, 10].map((lines) => file('libs/b', lines));
    expect(sizeReport([...ten, file('libs/a', 7), file('libs/a', 9)]).projects).toEqual([
      { project: 'libs/a', files: 2, median: 7, p90: 9, max: 9 },
      { project: 'libs/b', files: 10, median: 50, p90: 90, max: 100 },
    ]);
  });

  it('names every file over the limit and none at it', () => {
    const report = sizeReport([file('libs/a', 250), file('libs/a', 251)]);
    expect(report.tooLong).toEqual([{ path: 'libs/a/src/251.ts', lines: 251 }]);
    expect(renderSizeReport(report)).toContain('libs/a/src/251.ts has 251 lines');
  });

  it('is empty for no files', () => {
    expect(sizeReport([])).toEqual({ projects: [], tooLong: [] });
  });
});
