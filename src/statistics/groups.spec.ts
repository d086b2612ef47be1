import { BatchDay, planPeople } from './groups';

const dayOf = (batchId: number, day: string, time: string | null, inPeriod = true): BatchDay => ({
  batchId,
  day,
  inPeriod,
  group: { time, topic: null, campaignId: null },
});

describe('where people are looked for', () => {
  it('is the whole batch when it was sent within a day', () => {
    const { whole, split } = planPeople([dayOf(1, '2021-05-20', '2021-05'), dayOf(2, '2021-06-10', '2021-06')]);
    expect(whole).toEqual([
      { batchId: 1, group: 0 },
      { batchId: 2, group: 1 },
    ]);
    expect(split).toEqual([]);
  });

  it('is the whole batch when both sides of midnight fall into one row', () => {
    const { groups, whole, split } = planPeople([
      dayOf(1, '2021-05-20', '2021-05'),
      dayOf(1, '2021-05-21', '2021-05'),
      dayOf(2, '2021-05-31', null),
      dayOf(2, '2021-06-01', null),
    ]);
    expect(whole).toEqual([
      { batchId: 1, group: 0 },
      { batchId: 2, group: 1 },
    ]);
    expect(split).toEqual([]);
    expect(groups.map(({ time }) => time)).toEqual(['2021-05', null]);
  });

  it('is each day by itself when a batch crossed the end of a month', () => {
    const { groups, whole, split } = planPeople([
      dayOf(1, '2021-05-31', '2021-05'),
      dayOf(1, '2021-06-01', '2021-06'),
      dayOf(2, '2021-06-01', '2021-06'),
    ]);
    expect(groups.map(({ time }) => time)).toEqual(['2021-05', '2021-06']);
    expect(whole).toEqual([{ batchId: 2, group: 1 }]);
    expect(split).toEqual([
      { batchId: 1, day: '2021-05-31', group: 0 },
      { batchId: 1, day: '2021-06-01', group: 1 },
    ]);
  });

  it('is only the days within the period, and no batch outside it', () => {
    const { whole, split } = planPeople([
      dayOf(1, '2021-05-31', null, false),
      dayOf(1, '2021-06-01', null),
      dayOf(2, '2021-05-31', null, false),
    ]);
    expect(whole).toEqual([]);
    expect(split).toEqual([{ batchId: 1, day: '2021-06-01', group: 0 }]);
  });
});
