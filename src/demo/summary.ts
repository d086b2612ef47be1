import type { LedgerFacts } from './ledger-witness';
import { audienceOf, messagesExpected, NOTICES } from './notices';
import { SUBSCRIBERS } from './office-rows';
import type { AuditorsView } from './auditor-table';
import type { TestTexts } from './test-sends';

/** The one line for programs. */
export interface Summary {
  readonly subscribers: number;
  readonly messages: number;
  readonly segments: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly unknown: number;
  readonly seconds: Readonly<Record<string, number>>;
  /** Of the service's process (VmHWM); null where the system does not say. */
  readonly peak_rss_mb: number | null;
}

export function makeSummary(
  { total }: AuditorsView,
  seconds: Readonly<Record<string, number>>,
  peakRssMb: number | null,
): Summary {
  const { subscribers, messages, segments, accepted, delivered, failed, unknown } = total;
  return { subscribers, messages, segments, accepted, delivered, failed, unknown, seconds, peak_rss_mb: peakRssMb };
}

/** What does not add up, one sentence each, Vietnamese and English; nothing when all is well. */
export function faultsOf(
  { total, campaigns }: AuditorsView,
  tests: TestTexts,
  ledger: LedgerFacts,
  scale: number,
): string[] {
  const { subscribers, messages, accepted, failed, unknown, delivered, undelivered } = total;
  const faults = [
    differs('Số thuê bao / subscribers', subscribers, SUBSCRIBERS * scale),
    differs('Số tin nhắn / messages', messages, messagesExpected(scale)),
    differs('Tiếp nhận + thất bại + không rõ / accepted + failed + unknown', accepted + failed + unknown, messages),
    differs('Báo cáo trạng thái / receipts', delivered + undelivered, accepted),
    ...NOTICES.map((notice) => {
      const row = campaigns.find(({ campaign }) => campaign?.name === notice.name);
      return differs(`"${notice.name}"`, row?.messages ?? 0, audienceOf(notice, scale));
    }),
    differs('Sổ của cổng mô phỏng có số nhận hai lần / numbers texted twice by the ledger', ledger.repeated, 0),
  ];
  // What was taken while its answer was lost is on the ledger and unknown to the service.
  if (ledger.accepted < accepted || ledger.accepted > accepted + unknown) {
    faults.push(differs('Sổ của cổng mô phỏng / acceptances on the ledger', ledger.accepted, accepted));
  }
  if (ledger.tests < tests.accepted || ledger.tests > tests.accepted + tests.unknown) {
    faults.push(
      differs('Tin gửi thử trong sổ của cổng mô phỏng / test texts on the ledger', ledger.tests, tests.accepted),
    );
  }
  if (tests.accepted < NOTICES.length) {
    faults.push(differs('Thông báo đã gửi thử / notices tried on staff', tests.accepted, NOTICES.length));
  }
  return faults.filter((fault) => fault !== undefined);
}

function differs(what: string, found: number, expected: number): string | undefined {
  return found === expected ? undefined : `${what}: ${found}, phải là ${expected} / should be ${expected}`;
}
