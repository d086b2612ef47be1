/** Prints `N passed, M failed` from the summaries that jest wrote into a log, one for each of its runs. */
const { readFileSync } = require('node:fs');

const log = readFileSync(process.argv[2], 'utf8').replace(/\u001b\[[\d;]*m/g, '');
const tests = [...log.matchAll(/^Tests: +(.*\d+ total)$/gm)].map(([, counts]) => counts);
// A file that could not even be loaded has no tests to fail.
const suites = [...log.matchAll(/^Test Suites: +(.*\d+ total)$/gm)].map(([, counts]) => counts);

const sum = (summaries, word) =>
  summaries.reduce((total, counts) => total + Number(new RegExp(`(\\d+) ${word}`).exec(counts)?.[1] ?? 0), 0);
const failed = sum(tests, 'failed') || sum(suites, 'failed');
console.log(
  tests.length === 0 ? '0 passed: the tests were not reached' : `${sum(tests, 'passed')} passed, ${failed} failed`,
);
