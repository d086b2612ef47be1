import { FIGURES, Figures } from './figures';
import { compareRows, StatisticsRow } from './statistics-table';

const nothing = Object.fromEntries(FIGURES.map((name) => [name, 0])) as unknown as Figures;
const rowOf = (labels: Partial<StatisticsRow>): StatisticsRow => ({ ...nothing, ...labels });

describe('rows are sorted', () => {
  it('by Vietnamese names, their numbers by size, and no name last', () => {
    const names = ['Ấp 10', 'Phường Mỹ Long', 'Đặng', 'Ấp 2', 'Dương', 'Phường Mỹ Bình', 'Em', 'An'];
    const rows = [rowOf({ area: null }), ...names.map((name, id) => rowOf({ area: { id, name } }))];
    expect(rows.sort(compareRows).map(({ area }) => area?.name)).toEqual([
      'An',
      'Ấp 2',
      'Ấp 10',
      'Dương',
      'Đặng',
      'Em',
      'Phường Mỹ Bình',
      'Phường Mỹ Long',
      undefined,
    ]);
  });

  it('by time before anything else, and campaigns of one name by their ids', () => {
    const campaign = (id: number, name: string): StatisticsRow['campaign'] => ({ id, name });
    const rows = [
      rowOf({ month: '2021-06', campaign: campaign(1, 'A') }),
      rowOf({ month: '2021-05', campaign: campaign(12, 'B') }),
      rowOf({ month: '2021-05', campaign: campaign(3, 'B') }),
    ];
    expect(rows.sort(compareRows).map((row) => [row.month, row.campaign?.id])).toEqual([
      ['2021-05', 3],
      ['2021-05', 12],
      ['2021-06', 1],
    ]);
  });
});
