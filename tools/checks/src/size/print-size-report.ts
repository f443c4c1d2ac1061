import { repositoryRoot } from '../repository-root.js';
import { readSourceFiles } from './read-source-files.js';
import { renderSizeReport, sizeReport } from './size-report.js';

const report = sizeReport(readSourceFiles(repositoryRoot));
console.log(renderSizeReport(report));
process.exitCode = report.tooLong.length > 0 ? 1 : 0;
