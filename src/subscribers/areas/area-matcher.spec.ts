import fc from 'fast-check';
import { type OfficialUnit, readOfficialUnits } from './area-files';
import { areaLabel, type KnownArea } from './area-index';
import { AreaMatcher } from './area-matcher';

const ON_ELECTION_YEAR = '2021-05-04';
const TODAY = '2026-11-23';

/** An Giang as the service loads it, with ids by place. */
function knownAreas(units: readonly OfficialUnit[]): KnownArea[] {
  const districtsOf = ({ code, district }: OfficialUnit): string[] =>
    district === null
      ? units.flatMap((old) => (old.successors.includes(code) ? (old.district ?? []) : []))
      : [district];
  return units.map((unit, at) => ({ ...unit, id: at + 1, districts: districtsOf(unit) }));
}

describe('finding the area a cell names', () => {
  let areas: KnownArea[];
  let in2021: AreaMatcher;
  let now: AreaMatcher;

  beforeAll(async () => {
    areas = knownAreas(await readOfficialUnits('91'));
    in2021 = new AreaMatcher(areas, new Map(), ON_ELECTION_YEAR);
    now = new AreaMatcher(areas, new Map(), TODAY);
  });

  /** `Xã Vĩnh Hòa (Thị xã Tân Châu)`, or why none. */
  const find = (matcher: AreaMatcher, area: string, district?: string): string => {
    const match = matcher.match(area, district);
    return match.areaId === null ? match.why : areaLabel(areas[match.areaId - 1]!);
  };

  describe('in a list of 2021', () => {
    it.each([
      ['Ba Chúc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['BA CHÚC', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['ba chuc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['TT Ba Chúc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['T.T. Ba Chúc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['thi tran ba chuc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['Ba Chúc, Tri Tôn', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['xã Ba Chúc - huyện Tri Tôn - tỉnh An Giang', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
      ['X.Núi Tô, H.Tri Tôn, AG', 'Xã Núi Tô (Huyện Tri Tôn)'],
      ['P. Mỹ Long', 'Phường Mỹ Long (Thành phố Long Xuyên)'],
      ['F. Mĩ Long', 'Phường Mỹ Long (Thành phố Long Xuyên)'],
      ['khóm 3 P.Mỹ Bình TP.Long Xuyên', 'Phường Mỹ Bình (Thành phố Long Xuyên)'],
      ['12 Trần Hưng Đạo, phường Mỹ Xuyên, thành phố Long Xuyên, Việt Nam', 'Phường Mỹ Xuyên (Thành phố Long Xuyên)'],
      ['Mỹ Hoà Hưng', 'Xã Mỹ Hòa Hưng (Thành phố Long Xuyên)'],
      ['Ô Long Vĩ', 'Xã Ô Long Vỹ (Huyện Châu Phú)'],
      ['ấp 3 xã Vĩnh Hòa huyện U Minh Thượng', 'Xã Vĩnh Hòa (Huyện U Minh Thượng)'],
      ['ap 3 xa vinh hoa h. u minh thuong tinh kien giang', 'Xã Vĩnh Hòa (Huyện U Minh Thượng)'],
      ['P. Long Phú thị xã Tân Châu', 'Phường Long Phú (Thị xã Tân Châu)'],
      ['huyện An Phú, xã Quốc Thái', 'Xã Quốc Thái (Huyện An Phú)'],
      ['Quốc Thái, An Phú', 'Xã Quốc Thái (Huyện An Phú)'],
      ['Tô Châu', 'Phường Tô Châu (Thành phố Hà Tiên)'],
      ['Đông Xuyên', 'Phường Đông Xuyên (Thành phố Long Xuyên)'],
    ])('%s is %s', (cell, area) => expect(find(in2021, cell)).toBe(area));

    it('tells a unit by the kind and the district it had then', () => {
      expect(find(in2021, 'thị trấn Tịnh Biên', 'huyện Tịnh Biên')).toBe('Phường Tịnh Biên (Thị xã Tịnh Biên)');
      expect(find(in2021, 'xã An Phú')).toBe('Phường An Phú (Thị xã Tịnh Biên)');
      expect(find(in2021, 'thị trấn An Phú')).toBe('Thị trấn An Phú (Huyện An Phú)');
      expect(find(in2021, 'An Phú')).toBe('area-ambiguous');
    });

    it('lets the kind decide where a commune and a township have one name', () => {
      expect(find(in2021, 'TT. Vĩnh Thuận')).toBe('Thị trấn Vĩnh Thuận (Huyện Vĩnh Thuận)');
      expect(find(in2021, 'X. Vĩnh Thuận')).toBe('Xã Vĩnh Thuận (Huyện Vĩnh Thuận)');
      expect(find(in2021, 'Vĩnh Thuận', 'Vĩnh Thuận')).toBe('area-ambiguous');
    });

    it('lets the accents decide between Phú Thạnh and Phú Thành of one district, and does not guess without', () => {
      expect(find(in2021, 'xã Phú Thạnh', 'Phú Tân')).toBe('Xã Phú Thạnh (Huyện Phú Tân)');
      expect(find(in2021, 'XÃ PHÚ THÀNH', 'Phú Tân')).toBe('Xã Phú Thành (Huyện Phú Tân)');
      expect(find(in2021, 'xa phu thanh', 'Phú Tân')).toBe('area-ambiguous');
      expect(find(in2021, 'xã Phú Thánh', 'Phú Tân')).toBe('area-ambiguous');
    });

    it('shows a person what an ambiguous name may mean', () => {
      expect(in2021.match('Xã Vĩnh Hòa')).toMatchObject({
        why: 'area-ambiguous',
        candidates: ['Xã Vĩnh Hòa (Thị xã Tân Châu)', 'Xã Vĩnh Hòa (Huyện U Minh Thượng)'],
      });
    });
  });

  it('finds each of the former communes that share their name by its district, and none of them without', () => {
    const former = areas.filter(({ validUntil }) => validUntil !== null);
    const sameName = former.filter((one) => former.some((other) => other.name === one.name && other.id !== one.id));
    expect([...new Set(sameName.map(({ name }) => name))].sort()).toEqual(
      ['Bình An', 'Hòa An', 'Thạnh Lộc', 'Tân An', 'Tân Hòa', 'Tân Thạnh', 'Vĩnh Hòa', 'Vĩnh Phú'].map(
        (n) => `Xã ${n}`,
      ),
    );
    for (const area of sameName) {
      expect(find(in2021, area.name)).toBe('area-ambiguous');
      expect(find(in2021, area.name, area.district!)).toBe(areaLabel(area));
      expect(find(in2021, `${area.name}, ${area.district!}`)).toBe(areaLabel(area));
    }
  });

  describe('in a list of today', () => {
    it('means a unit of today, and says so where only a former one can be meant', () => {
      expect(find(now, 'Ba Chúc')).toBe('Xã Ba Chúc');
      expect(now.match('Ba Chúc')).not.toHaveProperty('note');
      expect(find(now, 'phường Mỹ Long')).toBe('Phường Mỹ Long (Thành phố Long Xuyên)');
      expect(now.match('phường Mỹ Long')).toHaveProperty('note', 'area-before-2025');
      expect(find(now, 'Thị trấn Ba Chúc')).toBe('Thị trấn Ba Chúc (Huyện Tri Tôn)');
      expect(in2021.match('phường Mỹ Long')).not.toHaveProperty('note');
    });

    it('knows by the district that a former commune is meant, whose name another one has today', () => {
      expect(find(now, 'Xã Vĩnh Hòa')).toBe('Xã Vĩnh Hòa');
      expect(find(now, 'Xã Vĩnh Hòa', 'TX Tân Châu')).toBe('Xã Vĩnh Hòa (Thị xã Tân Châu)');
      // Today's Vĩnh Hòa lies where that district was.
      expect(find(now, 'Xã Vĩnh Hòa', 'U Minh Thượng')).toBe('Xã Vĩnh Hòa');
    });

    it('does not take a commune for another whose name differs in accents', () => {
      expect(find(now, 'Xã Tân Thành')).toBe('Xã Tân Thành (Huyện Tân Hiệp)');
      expect(find(now, 'Xã Tân Thạnh')).toBe('Xã Tân Thạnh');
    });

    it.each(['Đặc khu Phú Quốc', 'ĐK Phú Quốc', 'phú quốc', 'đ.k. Phú Quốc'])('%s is the special zone', (cell) =>
      expect(find(now, cell)).toBe('Đặc khu Phú Quốc'),
    );
  });

  describe('never guesses', () => {
    it.each([
      ['Ba Chúc', 'huyện Giồng Trôm'],
      ['Ba Chúc', 'Châu Phú'],
      ['Ba Chúc, huyện Giồng Trôm, tỉnh Bến Tre', ''],
      ['xã Tân Hiệp Phú, Tri Tôn', ''],
      ['Ba Chúk', ''],
      ['Bà Chúa', ''],
      ['Phường 3', ''],
      ['3', ''],
      ['huyện Tri Tôn', ''],
      ['An Giang', ''],
      ['ấp 3', ''],
      ['', ''],
      [' - ', ''],
    ])('"%s" "%s" is unknown', (cell, district) => expect(find(in2021, cell, district)).toBe('area-unknown'));

    it('between two communes of one cell', () => {
      expect(find(in2021, 'xã Núi Tô / xã Ô Lâm')).toBe('area-ambiguous');
      expect(find(in2021, 'Vĩnh Lợi, An Châu')).toBe('area-ambiguous');
    });

    it('but names what is close', () => {
      expect(now.match('xã Ba Chúk')).toMatchObject({ candidates: ['Xã Ba Chúc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'] });
      expect(now.match('Nui Tho, Tri Tôn')).toMatchObject({ candidates: ['Xã Núi Tô (Huyện Tri Tôn)'] });
      expect(now.match('Thành phố Hồ Chí Minh')).toMatchObject({ candidates: [] });
    });
  });

  it('follows an alias before anything else, in any spelling', () => {
    const zone = areas.find(({ name }) => name === 'Đặc khu Phú Quốc')!;
    const aliases = new Map([
      ['pq', zone.id],
      ['vinh hoa', zone.id],
    ]);
    const matcher = new AreaMatcher(areas, aliases, TODAY);
    expect(['P.Q', 'pq ', 'Vĩnh Hoà'].map((cell) => matcher.match(cell).areaId)).toEqual([null, zone.id, zone.id]);
  });

  it('takes an area made from a file where no official one has the name', () => {
    const own = {
      ...areas[0]!,
      code: null,
      district: null,
      province: null,
      validFrom: null,
      validUntil: null,
      districts: [],
    };
    const made = [
      { ...own, id: 9_001, name: 'Xã 3' },
      { ...own, id: 9_002, name: 'Núi Tô' },
    ];
    const matcher = new AreaMatcher([...areas, ...made], new Map(), ON_ELECTION_YEAR);
    expect(matcher.match('xã 3').areaId).toBe(9_001);
    expect(matcher.match('X.03', 'Tri Tôn').areaId).toBe(9_001);
    expect(matcher.match('Núi Tô').areaId).toBe(areas.find(({ name }) => name === 'Xã Núi Tô')!.id);
  });

  describe('however it is written', () => {
    const strip = (text: string): string =>
      text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
    const newTones = (text: string): string =>
      text.replace(/òa/g, 'oà').replace(/óa/g, 'oá').replace(/ỏa/g, 'oả').replace(/ủy/g, 'uỷ');
    const spelling = fc.constantFrom<(text: string) => string>(
      (text) => text,
      newTones,
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
      (text) => text.normalize('NFD'),
      (text) => ` ${text.replace(/ /g, '  ')}.`,
      (text) => text.replace(/ /g, '\u00a0'),
    );
    const prefixes: Record<string, string[]> = {
      xã: ['Xã ', 'xã ', 'X. ', 'X.', 'XÃ ', 'Xa '],
      phường: ['Phường ', 'P. ', 'P.', 'F.', 'p ', 'Phuong '],
      'thị trấn': ['Thị trấn ', 'TT ', 'TT.', 'T.T ', 'Thi tran '],
      'đặc khu': ['Đặc khu ', 'ĐK ', 'Dac khu '],
    };
    const districts = (district: string): string[] => {
      const bare = district.replace(/^(Huyện|Thị xã|Thành phố) /, '');
      const short = district.startsWith('Huyện') ? 'H.' : district.startsWith('Thị xã') ? 'TX. ' : 'TP ';
      return [district, bare, short + bare, strip(district), `${bare}, An Giang`];
    };

    it('finds every official name, with its kind in any form and its district', () => {
      const former = areas.filter(({ district }) => district !== null);
      fc.assert(
        fc.property(
          fc.constantFrom(...former),
          spelling,
          fc.nat(),
          fc.nat(),
          fc.boolean(),
          (area, spell, p, d, inCell) => {
            const kind = Object.keys(prefixes).find((one) => area.name.toLowerCase().startsWith(one))!;
            const cell = prefixes[kind]![p % prefixes[kind]!.length]! + area.name.slice(kind.length + 1);
            const district = districts(area.district!)[d % 5]!;
            const found = inCell ? find(in2021, spell(`${cell}, ${district}`)) : find(in2021, spell(cell), district);
            expect(found).toBe(areaLabel(area));
          },
        ),
        { numRuns: 3_000 },
      );
    });

    it('finds every unit of today by its name alone, with and without kind and accents', () => {
      for (const area of areas.filter(({ validUntil }) => validUntil === null)) {
        const bare = area.name.replace(/^(Xã|Phường|Đặc khu) /, '');
        for (const cell of [area.name, bare, bare.toUpperCase(), strip(bare), strip(area.name), newTones(area.name)]) {
          expect([cell, find(now, cell)]).toEqual([cell, area.name]);
        }
      }
    });

    it('never throws, answers alike when asked again, and never finds what has another key', () => {
      const piece = fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(...areas.map(({ name }) => name)),
        fc.constantFrom(
          'ấp',
          'P.',
          'xã',
          ',',
          ' - ',
          'huyện',
          'TX',
          'Tri Tôn',
          'An Giang',
          '3',
          '(',
          '\u0000',
          '\ud800',
        ),
      );
      const cell = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(' '));
      fc.assert(
        fc.property(cell, cell, (area, district) => {
          const match = in2021.match(area, district);
          expect(in2021.match(area, district)).toEqual(match);
          if (match.areaId === null) return expect(match.candidates.length).toBeLessThanOrEqual(3);
          const plain = (text: string): string =>
            strip(text)
              .toLowerCase()
              .replace(/y/g, 'i')
              .replace(/[^a-z0-9]/g, '');
          const { name, formerNames } = areas[match.areaId - 1]!;
          const names = [name, ...formerNames].map((one) => plain(one.replace(/^(Xã|Phường|Thị trấn|Đặc khu) /, '')));
          expect(names.some((one) => plain(area).includes(one))).toBe(true);
        }),
        { numRuns: 2_000 },
      );
    });
  });
});
