import type { SeededRandom } from './seeded-random';

/** A cell of the telephone column: text, a number that Excel made of it, or an error. */
export type PhoneCell = string | number | { readonly error: '#N/A' };

/** Where subscribers of 2021 are, without the trunk 0, by the operators' shares of the market. */
const PREFIXES: readonly (readonly [number, readonly string[]])[] = [
  [52, list('32,33,34,35,36,37,38,39,86,96,97,98')],
  [24, list('81,82,83,84,85,88,91,94')],
  [19, list('70,76,77,78,79,896,897,898,90,93')],
  [4, list('56,58,92,522,523,528')],
  [1, list('59,993,994,995,996,997,87')],
];

/** What was 0162… is 032… since 2018; here the other way round, for lists that were never brought up to date. */
const PREFIX_BEFORE_2018: Readonly<Record<string, string>> = Object.fromEntries(
  list(
    '70:120,79:121,77:122,76:126,78:128,83:123,84:124,85:125,81:127,82:129,' +
      '32:162,33:163,34:164,35:165,36:166,37:167,38:168,39:169,56:186,58:188,59:199',
  ).map((pair) => pair.split(':') as [string, string]),
);

/** Numbers that no two people have. */
export class NumberPool {
  private readonly taken = new Set<number>();

  constructor(private readonly random: SeededRandom) {}

  /** A mobile number without the trunk 0: nine digits. */
  draw(): string {
    for (;;) {
      const prefix = this.random.pick(this.random.pickWeighted(PREFIXES));
      const national = prefix + this.random.digits(9 - prefix.length);
      if (this.taken.has(Number(national))) continue;
      this.taken.add(Number(national));
      return national;
    }
  }
}

type Spelling = (national: string, groups: [string, string, string]) => PhoneCell;

/** How offices write one and the same number, with how often. */
const SPELLINGS: readonly (readonly [number, Spelling])[] = [
  [400, (n) => `0${n}`],
  [170, (n) => Number(n)],
  [110, (_, [a, b, c]) => `0${a} ${b} ${c}`],
  [90, (_, [a, b, c]) => `0${a}.${b}.${c}`],
  [25, (_, [a, b, c]) => `0${a}-${b}-${c}`],
  [25, (n) => `+84${n}`],
  [25, (n) => `84${n}`],
  [15, (n) => Number(`84${n}`)],
  [10, (_, [a, b, c]) => `+84 ${a} ${b} ${c}`],
  [10, (_, [a, b, c]) => `0${a}\u00A0${b}\u00A0${c}`],
  [5, (_, [a, b, c]) => `(+84) ${a} ${b} ${c}`],
  [5, (n) => `ĐT: 0${n}`],
  [5, (n) => `'0${n}`],
  [3, (n) => `0${n}.`],
  [2, (n) => `O${n}`],
  [2, (n) => `\u200E+84${n}`],
];

const OLD_SHARE = 0.08;
const OLD_SPELLINGS: readonly (readonly [number, (old: string, last: string) => PhoneCell])[] = [
  [6, (old, last) => `0${old}${last}`],
  [2, (old, last) => Number(old + last)],
  [2, (old, last) => `0${old} ${last.slice(0, 3)} ${last.slice(3)}`],
  [1, (old, last) => `+84${old}${last}`],
];

/** One of the spellings of a number; some of those that changed in 2018 in their 11 digits of before. */
export function spellNumber(random: SeededRandom, national: string): PhoneCell {
  const old = PREFIX_BEFORE_2018[national.slice(0, 2)];
  if (old && random.happens(OLD_SHARE)) return random.pickWeighted(OLD_SPELLINGS)(old, national.slice(2));
  const groups: [string, string, string] = [national.slice(0, 3), national.slice(3, 6), national.slice(6)];
  return random.pickWeighted(SPELLINGS)(national, groups);
}

/** Cells from which nobody can be texted, with how often. */
const USELESS: readonly (readonly [number, (random: SeededRandom) => PhoneCell])[] = [
  [22, () => ''],
  [6, (random) => random.pick(['không có', 'Không có SĐT', 'chưa có', '-'])],
  [16, (random) => `0296 3${random.digits(3)} ${random.digits(3)}`],
  [6, (random) => `(0296) 3.${random.digits(6)}`],
  [10, (random) => `${random.pick(['9', '3', '8'])}.${random.digits(5)}E+08`],
  [6, () => ({ error: '#N/A' })],
  [12, (random) => `09${random.digits(8)}${random.pick(['/', '; ', ' - ', ', '])}03${random.digits(8)}`],
  [5, (random) => `+855 ${random.pick(['12', '15', '16', '17', '92'])} ${random.digits(3)} ${random.digits(3)}`],
  [8, (random) => `09${random.digits(7)}`],
  [4, (random) => `091${random.digits(8)}`],
  [2, (random) => `09${random.digits(5)}xxx`],
  [2, (random) => random.pick(['113', '1080', '19001234'])],
  [1, () => 'con trai giữ máy'],
];

export function drawUselessCell(random: SeededRandom): PhoneCell {
  return random.pickWeighted(USELESS)(random);
}

function list(text: string): string[] {
  return text.split(',');
}
