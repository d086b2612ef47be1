/** Checks the summary that `npm run demo -- --json` prints as its last line: the year 2021, and every message accounted for. */
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');

const summary = JSON.parse(readFileSync(process.argv[2], 'utf8').trim().split('\n').at(-1));
const { subscribers, messages, accepted, delivered, failed, unknown } = summary;
assert.equal(subscribers, 37_400, 'subscribers');
assert.equal(messages, 140_200, 'messages');
// A kill leaves at most what was in flight, two marked steps and one flush in doubt: 100 + 2 x 50 + 50.
assert.ok(unknown <= (process.argv[3] === 'after-kill' ? 250 : 0), `unknown: ${unknown}`);
assert.equal(accepted + failed + unknown, messages, 'accepted + failed + unknown = messages');
assert.ok(delivered <= accepted, 'delivered is a part of accepted');
console.log(`the demo adds up: ${accepted} accepted + ${failed} failed + ${unknown} unknown = ${messages}`);
