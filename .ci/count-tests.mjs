// Prints `N passed, N failed[, N skipped]` from vitest's JSON report, alone on a line, and ends non-zero when no test ran or one failed.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
const skipped = numPendingTests + numTodoTests;
console.log(`${numPassedTests} passed, ${numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
if (!success || numPassedTests === 0) process.exitCode = 1;
