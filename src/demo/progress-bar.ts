import type { Screen } from './screen';
import { formatCount, formatDuration } from './vietnamese-format';

/** The rate is that of so many last seconds: a resumed campaign does not begin at nothing. */
const WINDOW_MS = 5_000;
const PLAIN_LINE_EVERY_MS = 5_000;
const BAR_WIDTH = 24;

/** How far the sending is at one moment. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly receipts: number;
}

/** Texts per second over the last seconds; 0 until two moments are known. */
export class RateMeter {
  private moments: { atMs: number; done: number }[] = [];

  note(atMs: number, done: number): number {
    this.moments.push({ atMs, done });
    // The oldest one is at least a window old, so that the rate is that of a whole window.
    while (this.moments.length > 2 && this.moments[1]!.atMs <= atMs - WINDOW_MS) this.moments.shift();
    const first = this.moments[0]!;
    return atMs > first.atMs ? ((done - first.done) * 1_000) / (atMs - first.atMs) : 0;
  }
}

/** One line: share, counts, rate and remaining time; with a drawn bar for a terminal. */
export function describeProgress({ done, total, receipts }: Progress, perSecond: number, drawn: boolean): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = drawn ? `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ` : '';
  const left = total - done;
  const remaining = left > 0 && perSecond >= 1 ? ` · còn ${formatDuration(left / perSecond)}` : '';
  return (
    `Gửi ${bar}${Math.floor(share * 100)} % · ${formatCount(done)}/${formatCount(total)} tin` +
    ` · ${formatCount(Math.round(perSecond))} tin/giây${remaining} · đã nhận ${formatCount(receipts)}`
  );
}

/** Draws over one line of a terminal; elsewhere prints a plain line every few seconds. */
export class ProgressBar {
  private readonly meter = new RateMeter();
  private lastLineAtMs = -Infinity;

  constructor(private readonly screen: Screen) {}

  show(progress: Progress, atMs = performance.now()): void {
    const rate = this.meter.note(atMs, progress.done);
    if (this.screen.isTerminal) return this.screen.redraw(describeProgress(progress, rate, true));
    if (atMs - this.lastLineAtMs < PLAIN_LINE_EVERY_MS) return;
    this.lastLineAtMs = atMs;
    this.screen.line(describeProgress(progress, rate, false));
  }

  /** Leaves the last state standing. */
  finish(): void {
    this.screen.endRedraw();
  }
}
