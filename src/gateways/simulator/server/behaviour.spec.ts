import { DEFAULT_BEHAVIOUR, readBehaviour } from './behaviour';

describe('The behaviour of the simulator', () => {
  it('is harmless unless it is told otherwise', () => {
    expect(readBehaviour({})).toEqual(DEFAULT_BEHAVIOUR);
    expect(readBehaviour({ refuseShare: 0.005, seed: 2021 })).toEqual({
      ...DEFAULT_BEHAVIOUR,
      refuseShare: 0.005,
      seed: 2021,
    });
  });

  it('takes a share of everything and of nothing', () => {
    expect(readBehaviour({ dropShare: 1, failShare: 0 })).toMatchObject({ dropShare: 1, failShare: 0 });
  });

  it('is refused with every bad field by name', () => {
    const input = {
      refuseShare: 1.5,
      latencyMs: 0.5,
      receipts: 'yes',
      receiptsPerPost: 0,
      refusShare: 0.1,
      seed: null,
    };
    expect(() => readBehaviour(input)).toThrow(
      /refuseShare must be a number from 0 to 1; latencyMs must be a whole number.*receipts must be.*receiptsPerPost.*refusShare is unknown.*seed/,
    );
    for (const input of [null, [], 'fast', 1, undefined]) expect(() => readBehaviour(input)).toThrow('JSON object');
  });
});
