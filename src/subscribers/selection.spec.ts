import fc from 'fast-check';
import { checkSelectionMeant, filterCondition, nameWords } from './selection';

describe('the words of a name', () => {
  it('are the same in every spelling and order', () => {
    expect(nameWords('Hoà  Lê')).toEqual(['hoa', 'le']);
    expect(nameWords('LÊ, HÒA').sort()).toEqual(['hoa', 'le']);
    expect(nameWords('Đặng đặng')).toEqual(['dang']);
  });

  it('are letters and digits alone, so that none is a sign of a search pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const words = wordsOrNone(name);
        expect(words.every((word) => /^[\p{L}\p{N}]+$/u.test(word))).toBe(true);
      }),
    );
  });

  it('must be there: no words would mean everybody', () => {
    expect(() => nameWords('% _ …')).toThrow('subscriber.name-without-letters');
  });
});

describe('a selection', () => {
  it('that narrows nothing must say that everybody is meant', () => {
    expect(() => checkSelectionMeant({})).toThrow('selection.empty');
    expect(() => checkSelectionMeant({ exceptListIds: [1] })).toThrow('selection.empty');
    expect(() => checkSelectionMeant({ everybody: true })).not.toThrow();
    expect(() => checkSelectionMeant({ state: 'no-list' })).not.toThrow();
    expect(() => checkSelectionMeant({ language: 'vi' })).not.toThrow();
  });

  it('becomes a condition that holds nothing of what was typed', () => {
    const values: unknown[] = ['earlier'];
    const condition = filterCondition({ name: `o'hara drop`, phoneEnd: '5678', listIds: [3] }, values);
    expect(condition).not.toMatch(/hara|5678/);
    expect(condition.match(/\$\d+/g)).toEqual(values.slice(1).map((_, i) => `$${i + 2}`));
  });
});

function wordsOrNone(name: string): string[] {
  try {
    return nameWords(name);
  } catch {
    return [];
  }
}
