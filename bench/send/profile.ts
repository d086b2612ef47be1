import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 40;

/** Prints where the newest profile of the folder spent its time, in functions themselves: the first forty. */
export function printProfile(folder: string): void {
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`no profile was written to ${folder}`);
  const selfTimes = selfTimesOf(JSON.parse(readFileSync(join(folder, newest), 'utf8')) as CpuProfile);
  const total = [...selfTimes.values()].reduce((sum, time) => sum + time, 0);
  const dearest = [...selfTimes].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  for (const [place, time] of dearest) console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${place}`);
}

function selfTimesOf({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const places = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const where = url
        ? `${url.includes('node_modules') ? url.split('node_modules/').at(-1)! : basename(url)}:${lineNumber + 1}`
        : '';
      return [id, `${functionName || '(anonymous)'} ${where}`];
    }),
  );
  const found = samples.map((node, index) => ({ place: places.get(node)!, time: timeDeltas[index]! }));
  // What is loaded is loaded by then: the start is not what one wants to see.
  const begin = found.findLastIndex(({ place }) => place.startsWith('wrapSafe ')) + 1;
  const times = new Map<string, number>();
  for (const { place, time } of found.slice(begin)) {
    if (!place.startsWith('(idle)')) times.set(place, (times.get(place) ?? 0) + time);
  }
  return times;
}
