/**
 * How many letters must be put in, taken out, replaced or swapped with their neighbour to make one word of the other
 * (Damerau-Levenshtein, optimal string alignment); `most + 1` as soon as it is more than `most`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** The keys closest to one, nearest first: at most two letters off, one where the key is short. */
export function nearKeys(key: string, keys: Iterable<string>): string[] {
  const most = key.length < 6 ? 1 : 2;
  const near: { other: string; distance: number }[] = [];
  for (const other of keys) {
    const distance = editDistance(key, other, most);
    if (distance <= most) near.push({ other, distance });
  }
  return near.sort((a, b) => a.distance - b.distance).map(({ other }) => other);
}
