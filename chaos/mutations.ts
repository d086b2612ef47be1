import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Harm } from './instance-faults';
import type { Fault } from './judge';
import type { MutationName } from './options';

const ROOT = resolve(__dirname, '..');

/** A text of a source file, which must stand there exactly once, and what stands there instead. */
interface Replacement {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

export interface Mutation {
  readonly replacements: readonly Replacement[];
  /** What shows it, and so happens more often than usual. */
  readonly harm: Harm | null;
  /**
   * The rate at which it shows, in segments a second, while the gateway gives no trouble; null: any, with all troubles. An
   * instance whose gateway seems to be down holds nothing that another could take over.
   */
  readonly calmRate: number | null;
  /** What the suite must see, or it failed for another reason. */
  readonly shows: readonly Fault['kind'][];
}

/** Each breaks one guard, whole: what else would stop the same mistake is part of it. */
export const MUTATIONS: Readonly<Record<MutationName, Mutation>> = {
  // Whoever has lost a chunk may still mark and record: not owner, fence, lease, nor the mark itself stop him. Nor does he
  // give it back after half a second, as he would before anything else when he wakes.
  fence: {
    replacements: [
      {
        file: 'delivery/mark.store.ts',
        text: `where c.id = $1 and c.owner = $2 and c.fence = $3 and c.marked = $4 and c.state = 'leased' and c.leased_until > now()
  for no key update skip locked`,
        by: `where c.id = $1 and $2::uuid is not null and $3::int is not null
  for no key update skip locked`,
      },
      {
        file: 'delivery/mark.store.ts',
        text: `select id, $4 + 1, $4 + total.items, day, $10 from gate cross join total where total.items > 0`,
        by: `select id, $4 + 1, $4 + total.items, day, $10 from gate cross join total where total.items > 0 on conflict do nothing`,
      },
      {
        file: 'delivery/mark.store.ts',
        text: `update chunks c set marked = $4 + total.items, leased_until`,
        by: `update chunks c set marked = greatest(c.marked, $4 + total.items), leased_until`,
      },
      { file: 'delivery/sender.ts', text: 'const LONGEST_STAY_MS = 500;', by: 'const LONGEST_STAY_MS = 500_000;' },
      {
        file: 'delivery/outcomes.store.ts',
        text: `where c.owner = $13 and (c.id, c.fence) in (select chunk_id, fence from given)`,
        by: `where ($13::uuid is null or true) and c.id in (select chunk_id from given)`,
      },
    ],
    harm: 'freeze',
    // Then instances wait for their turn with a chunk in hand, and not in vain for many answers when they wake.
    calmRate: 40,
    shows: ['doubled'],
  },
  // The intent to send does not outlive the one who had it: what he had marked is taken for never sent.
  intent: {
    replacements: [
      {
        file: 'delivery/sweep.store.ts',
        text: `outcomesOf(chunk, inDoubt, 'unknown', 'lease-expired')`,
        by: `outcomesOf(chunk, inDoubt, 'deferred', 'lease-expired')`,
      },
    ],
    harm: null,
    calmRate: null,
    shows: ['doubled'],
  },
  // The gate lets through who opted out after the submission.
  suppression: {
    replacements: [
      {
        file: 'delivery/mark.store.ts',
        text: `when s.phone_key is not null then 'opted-out'`,
        by: `when s.phone_key is not null and false then 'opted-out'`,
      },
    ],
    harm: null,
    calmRate: null,
    shows: ['texted after an opt-out'],
  },
};

/**
 * Builds a copy of the service with one guard broken.
 *
 * @returns its dist/; `remove` deletes the copy
 * @throws when a text is not found where it should be: then the mutation must be written anew
 */
export function buildMutant(name: MutationName): { dist: string; remove: () => void } {
  const copy = mkdtempSync(join(tmpdir(), `tinluat-mutant-${name}-`));
  const remove = (): void => rmSync(copy, { recursive: true, force: true, maxRetries: 5 });
  try {
    for (const part of ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json']) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    }
    for (const part of ['node_modules', 'migrations', 'templates', 'areas'])
      symlinkSync(join(ROOT, part), join(copy, part));
    for (const replacement of MUTATIONS[name].replacements) replace(copy, replacement);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: copy, stdio: 'inherit' });
    return { dist: join(copy, 'dist'), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function replace(copy: string, { file, text, by }: Replacement): void {
  const path = join(copy, 'src', file);
  const source = readFileSync(path, 'utf8');
  const found = source.split(text).length - 1;
  if (found !== 1) throw new Error(`"${text}" stands ${found} times in src/${file}: write the mutation anew`);
  writeFileSync(
    path,
    source.replace(text, () => by),
  );
}
