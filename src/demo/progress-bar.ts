import type { Screen } from './screen';
import { displayWidth, formatCount, formatDuration } from './vietnamese-format';

/** The rate is that of so many last seconds: a resumed campaign does not begin at nothing. */
const WINDOW_MS = 5_000;
const PLAIN_LINE_EVERY_MS = 5_000;
const WIDEST_BAR = 24;
/** A shorter one says nothing that the share does not. */
const NARROWEST_BAR = 6;
/** The rank of the field that goes first. */
const GOES_FIRST = 4;
const SEPARATOR = ' · ';

/** How far the sending is at one moment. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly receipts: number;
}

/** Texts per second over the last seconds. */
export class RateMeter {
  private moments: { atMs: number; done: number }[] = [];

  /** @returns undefined until something has moved or a whole window has passed without */
  note(atMs: number, done: number): number | undefined {
    this.moments.push({ atMs, done });
    // The oldest one is at least a window old, so that the rate is that of a whole window.
    while (this.moments.length > 2 && this.moments[1]!.atMs <= atMs - WINDOW_MS) this.moments.shift();
    const first = this.moments[0]!;
    const elapsedMs = atMs - first.atMs;
    if (elapsedMs <= 0 || (done === first.done && elapsedMs < WINDOW_MS)) return undefined;
    return ((done - first.done) * 1_000) / elapsedMs;
  }
}

/**
 * One line: share, counts, rate, remaining time and receipts, within so many columns. What there is no room for is left
 * out whole, the bar first: half a number would be a wrong one.
 *
 * @param perSecond undefined while it is not known
 * @param drawn with a bar, for a terminal
 */
export function describeProgress(
  { done, total, receipts }: Progress,
  perSecond: number | undefined,
  { drawn, columns }: { drawn: boolean; columns: number },
): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const left = total - done;
  const isMoving = left > 0 && perSecond !== undefined;
  // The higher the number, the sooner a field goes.
  const fields: { text: string; goes: number }[] = [
    { text: `${Math.floor(share * 100)} %`, goes: 0 },
    { text: `${formatCount(done)}/${formatCount(total)} tin`, goes: 1 },
    ...(isMoving ? [{ text: `${formatCount(Math.round(perSecond))} tin/giây`, goes: GOES_FIRST }] : []),
    ...(isMoving && perSecond >= 1 ? [{ text: `còn ${formatDuration(left / perSecond)}`, goes: 2 }] : []),
    { text: `đã nhận ${formatCount(receipts)}`, goes: 3 },
  ];
  const text = (most: number): string =>
    fields.flatMap((field) => (field.goes <= most ? [field.text] : [])).join(SEPARATOR);
  const room = columns - 'Gửi '.length;
  const most = [GOES_FIRST, 3, 2, 1].find((candidate) => displayWidth(text(candidate)) <= room) ?? 0;
  const shown = text(most);
  // A bar in the room of a field that just went would come and go with the digits of the rate.
  const bar = drawn && most === GOES_FIRST ? drawBar(share, room - displayWidth(shown) - 1) : '';
  return `Gửi ${bar}${shown}`;
}

function drawBar(share: number, room: number): string {
  const width = Math.min(WIDEST_BAR, room);
  if (width < NARROWEST_BAR) return '';
  const filled = Math.floor(share * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} `;
}

/** Draws over one line of a terminal; elsewhere prints a plain line every few seconds, and the last state. */
export class ProgressBar {
  private readonly meter = new RateMeter();
  private lastLineAtMs = -Infinity;
  private lastLine = '';
  private unsaid: string | undefined;

  constructor(private readonly screen: Pick<Screen, 'isTerminal' | 'columns' | 'line' | 'redraw' | 'endRedraw'>) {}

  show(progress: Progress, atMs = performance.now()): void {
    const { isTerminal: drawn, columns } = this.screen;
    // The last column stays free: some terminals go on to the next line as soon as it is written.
    const line = describeProgress(progress, this.meter.note(atMs, progress.done), { drawn, columns: columns - 1 });
    if (drawn) return this.screen.redraw(line);
    this.unsaid = line;
    if (atMs - this.lastLineAtMs >= PLAIN_LINE_EVERY_MS) this.printPlain(atMs);
  }

  /** Leaves the last state standing. */
  finish(): void {
    this.screen.endRedraw();
    this.printPlain(this.lastLineAtMs);
  }

  private printPlain(atMs: number): void {
    if (this.unsaid === undefined || this.unsaid === this.lastLine) return;
    this.lastLineAtMs = atMs;
    this.lastLine = this.unsaid;
    this.screen.line(this.unsaid);
  }
}
