export { FileMistake, parseConformFile, type ConformFile } from './conform-file.ts';
export { isKept, type Report, type Row } from './report.ts';
export { DEFAULT_PATIENCE_MS, DEFAULT_TIMEOUT_MS, runChecks, Unusable } from './run-checks.ts';
