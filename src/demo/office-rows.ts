import { apportion, DEMO_AREAS, DemoArea } from './an-giang-areas';
import { drawUselessCell, NumberPool, PhoneCell, spellNumber } from './phone-cells';
import { SeededRandom } from './seeded-random';
import { drawName, respell } from './vietnamese-names';

/** What An Giang published of 2021: 140,200 messages to 37,400 subscribers. The rest is made to fit. */
export const SUBSCRIBERS = 37_400;
export const AFFECTED_SUBSCRIBERS = 28_000;
/** Rows that repeat somebody, and rows of nobody who could be texted. Together about 39,000 rows. */
export const REPEATED_ROWS = 1_120;
export const USELESS_ROWS = 480;

/** One line of the office's list. Empty texts are empty cells. */
export interface OfficeRow {
  readonly fullName: string;
  readonly phone: PhoneCell;
  readonly district: string;
  readonly area: string;
  readonly hamlet: string;
  readonly note: string;
}

interface Person {
  readonly fullName: string;
  readonly national: string;
  readonly hamlet: string;
}

/** Of the people of earlier areas so many are remembered for being listed again elsewhere. */
const REMEMBERED_SHARE = 0.02;
const LISTED_ELSEWHERE_SHARE = 0.3;
const DAMAGED_NAME_SHARE = 0.05;
const BLANK_NAME_SHARE = 0.15;
const HAMLETS = [
  'Bình An',
  'Bình Hòa',
  'Long Hòa',
  'Long Thạnh',
  'Phú Hòa',
  'Phú An',
  'Tân Thành',
  'Vĩnh Thuận',
  'Thị',
];
const NOTES = ['Tổ trưởng tổ dân phố', 'đổi số năm 2020', 'gọi giờ hành chính', 'ở trọ', 'đã xác minh'];

/**
 * The lines of the file, area by area, as the communes' lists were put together. A person's first line has name and
 * area; a repetition has the number in some spelling and may lack the rest or name another area.
 *
 * @param scale the audience is `scale` times 37,400, in the same areas
 */
export function* officeRows(scale: number, seed: number): Generator<OfficeRow> {
  const random = new SeededRandom(seed);
  const numbers = new NumberPool(random);
  const plan = planAreas(scale);
  const remembered: Person[] = [];
  for (const { area, people: count, repeated, useless } of plan) {
    const people: Person[] = [];
    const extras = shuffledKinds(random, { count, repeated, useless });
    for (let at = 0; at < count; at += 1) {
      const person = drawPerson(random, numbers, area);
      people.push(person);
      yield firstRow(random, person, area, at === 0);
      for (const kind of extras.get(at) ?? []) {
        yield kind === 'useless' ? uselessRow(random, people, area) : repeatedRow(random, people, remembered, area);
      }
    }
    remembered.push(...people.filter(() => random.happens(REMEMBERED_SHARE)));
  }
}

function planAreas(scale: number) {
  const affected = DEMO_AREAS.filter(({ isAffected }) => isAffected);
  const others = DEMO_AREAS.filter(({ isAffected }) => !isAffected);
  const shares = (total: number, areas: readonly DemoArea[]): number[] =>
    apportion(
      total * scale,
      areas.map(({ weight }) => weight),
    );
  const people = [...shares(AFFECTED_SUBSCRIBERS, affected), ...shares(SUBSCRIBERS - AFFECTED_SUBSCRIBERS, others)];
  const areas = [...affected, ...others];
  const repeated = shares(REPEATED_ROWS, areas);
  const useless = shares(USELESS_ROWS, areas);
  return areas.map((area, at) => ({
    area,
    people: people[at]!,
    repeated: repeated[at]!,
    useless: useless[at]!,
  }));
}

/** After which person of the area which further rows stand. */
function shuffledKinds(random: SeededRandom, plan: { count: number; repeated: number; useless: number }) {
  const places = new Map<number, ('repeated' | 'useless')[]>();
  for (let row = 0; row < plan.repeated + plan.useless; row += 1) {
    const at = random.below(plan.count);
    places.set(at, [...(places.get(at) ?? []), row < plan.repeated ? 'repeated' : 'useless']);
  }
  return places;
}

function drawPerson(random: SeededRandom, numbers: NumberPool, { name, district }: DemoArea): Person {
  const hamlet = name.startsWith('xã') ? `ấp ${random.pick(HAMLETS)}` : `khóm ${1 + random.below(8)}`;
  return { fullName: drawName(random, district), national: numbers.draw(), hamlet };
}

/** @param tidy the first row of an area writes its name as it should be: under that name the area is registered */
function firstRow(random: SeededRandom, person: Person, area: DemoArea, tidy: boolean): OfficeRow {
  return {
    fullName: respell(random, person.fullName),
    phone: spellNumber(random, person.national),
    district: area.district,
    area: tidy ? area.name : respell(random, area.name),
    hamlet: random.happens(0.9) ? person.hamlet : '',
    note: random.happens(0.03) ? random.pick(NOTES) : '',
  };
}

function repeatedRow(
  random: SeededRandom,
  people: readonly Person[],
  remembered: readonly Person[],
  area: DemoArea,
): OfficeRow {
  const isElsewhere = remembered.length > 0 && random.happens(LISTED_ELSEWHERE_SHARE);
  const person = random.pick(isElsewhere ? remembered : people);
  return {
    fullName: random.happens(BLANK_NAME_SHARE) ? '' : respell(random, person.fullName),
    phone: spellNumber(random, person.national),
    district: area.district,
    area: random.happens(0.1) ? '' : respell(random, area.name),
    hamlet: '',
    note: random.happens(0.1) ? 'bổ sung' : '',
  };
}

/** Nobody new: a cell without a usable number, or a known number beside a name that a wrong code page destroyed. */
function uselessRow(random: SeededRandom, people: readonly Person[], area: DemoArea): OfficeRow {
  const isDamaged = random.happens(DAMAGED_NAME_SHARE);
  const fullName = drawName(random, area.district);
  return {
    fullName: isDamaged ? `${fullName} Nguy?n` : fullName,
    phone: isDamaged ? spellNumber(random, random.pick(people).national) : drawUselessCell(random),
    district: area.district,
    area: area.name,
    hamlet: '',
    note: '',
  };
}
