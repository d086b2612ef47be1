import { readFileSync } from 'node:fs';
import { simulatorFiles } from '../../src/gateways';
import { parseEntry } from '../../src/gateways/simulator/server/ledger-entry';
import type { CampaignFigures } from '../../src/demo/service-views';
import type { Database } from '../../src/platform/database/database';
import { STAFF_PHONE } from './office';

/** What the carrier's ledger says against what the service believes. */
export interface Verdict {
  readonly faults: readonly string[];
  readonly facts: Readonly<Record<string, number>>;
}

/**
 * @param campaign.people whom it was for
 * @param campaign.mostUnknown what may be in doubt at its end
 */
export async function judge(
  database: Database,
  simulatorFolder: string,
  campaign: { readonly people: number; readonly figures: CampaignFigures; readonly mostUnknown: number },
): Promise<Verdict> {
  const { people, figures, mostUnknown } = campaign;
  const timesOf = acceptancesOf(simulatorFolder);
  const twice = [...timesOf.values()].filter((times) => times > 1).length;
  const told = await database.rows<{ reference: string; kind: string }>(
    `select m.phone as reference, (array_agg(o.kind order by o.attempt desc, o.certain desc))[1] as kind
     from messages m join batches b on b.id = m.batch_id
     left join outcomes o on o.batch_id = m.batch_id and o.seq = m.seq
     where b.kind = 'campaign' group by m.phone`,
  );
  const taken = ({ reference }: { reference: string }): boolean => timesOf.has(reference);
  const forgotten = told.filter(({ kind }) => kind === null || kind === 'deferred').length;
  const imagined = told.filter((text) => text.kind === 'accepted' && !taken(text)).length;
  const denied = told.filter((text) => !['accepted', 'unknown'].includes(text.kind) && taken(text)).length;
  const { accepted, failed, unknown, suppressed, cancelled, expired, queued, sending } = figures;
  const sum = accepted + failed + unknown + suppressed + cancelled + expired + queued + sending;
  const faults = [
    [twice > 0, `${twice} numbers were texted twice`],
    [forgotten > 0, `${forgotten} people were forgotten`],
    [imagined > 0, `${imagined} texts count as accepted that the carrier never took`],
    [denied > 0, `${denied} texts count as not accepted that the carrier took`],
    [
      told.length !== people || sum !== people,
      `the figures add up to ${sum} of ${people}, ${told.length} texts are there`,
    ],
    [unknown > mostUnknown, `${unknown} texts are unknown, ${mostUnknown} may be`],
  ] as const;
  return {
    faults: faults.flatMap(([isSo, fault]) => (isSo ? [fault] : [])),
    facts: { people, taken: timesOf.size, accepted, unknown, twice, forgotten },
  };
}

/** Prints it; a fault makes the command fail. */
export function pronounce({ faults, facts }: Verdict): void {
  console.log(
    Object.entries(facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  for (const fault of faults) console.error(`FAULT: ${fault}`);
  console.log(faults.length === 0 ? 'passed' : 'FAILED');
  if (faults.length > 0) process.exitCode = 1;
}

/** How often the carrier took a text for each number of the campaign; the only one that has been texted besides is staff's. */
function acceptancesOf(folder: string): Map<string, number> {
  const timesOf = new Map<string, number>();
  for (const line of readFileSync(simulatorFiles(folder).ledger, 'latin1').split('\n')) {
    const entry = parseEntry(line);
    if (!entry || entry.number === STAFF_PHONE) continue;
    timesOf.set(entry.number, (timesOf.get(entry.number) ?? 0) + 1);
  }
  return timesOf;
}
