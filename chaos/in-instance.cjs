/**
 * Loaded into every process of the fault suite before its own code. The suite tells it by standard input, one line each:
 * `clock <ms>` shifts what the process takes for the time of day, and only that: timers and performance.now() go on, as they
 * do when somebody sets a machine's clock. The end of the input is the end of the suite, and of this process.
 */
const RealDate = Date;
let shiftMs = 0;
const now = () => RealDate.now() + shiftMs;

const ShiftedDate = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
RealDate.prototype.constructor = ShiftedDate;
globalThis.Date = ShiftedDate;

process.stdin.setEncoding('utf8').on('data', (text) => {
  for (const [, ms] of text.matchAll(/^clock (-?\d+)$/gm)) shiftMs = Number(ms);
});
process.stdin.on('end', () => process.exit(1));
process.stdin.on('error', () => process.exit(1));
process.stdin.unref?.();
