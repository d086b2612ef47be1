import { constants } from 'node:os';
import { Fault } from '../platform/errors';
import { Account, openAccounts, signEverybodyIn, STAFF_PHONE } from './accounts';
import { auditorsTable, AuditorsView, readAsAuditor } from './auditor-table';
import { DemoFolder } from './data-folder';
import { DemoOptions, readOptions, usage, UsageError } from './demo-options';
import { readLedger } from './ledger-witness';
import { launchCampaigns } from './launch';
import { writeOfficeFile } from './office-file';
import { ProgressBar } from './progress-bar';
import { RestRefusal } from './rest-client';
import { printForPrograms, Screen } from './screen';
import { ServiceProcess } from './service-process';
import { listenForSignals, Stopped } from './signals';
import { agreementLine, costLine, nextLine, openingLine } from './spoken-lines';
import { Stopwatch } from './stopwatch';
import { findAffectedAreas, importSubscribers } from './story';
import { faultsOf, makeSummary } from './summary';
import { readTestTexts, type TestTexts } from './test-sends';
import { waitForReceipts, waitUntilCompleted } from './waiting';

const EXIT = { ok: 0, fault: 1, usage: 2 } as const;
/** An answer that failed because the service ended is explained by that. */
const DEATH_FOLLOWS_WITHIN_MS = 1_000;

interface Stage {
  readonly options: DemoOptions;
  readonly screen: Screen;
  readonly folder: DemoFolder;
  readonly watch: Stopwatch;
  readonly service: ServiceProcess;
}

async function run(options: DemoOptions): Promise<number> {
  const screen = new Screen(options);
  const watch = new Stopwatch();
  const stopped = listenForSignals();
  const folder = await Promise.race([DemoFolder.open(options.dataDir, options), stopped]);
  watch.lap('folder');
  const service = await ServiceProcess.spawn(folder);
  const stage = { options, screen, folder, watch, service };
  try {
    const code = await Promise.race([perform(stage), stopped, service.died]);
    // When the story is told, Ctrl-C is its proper end.
    if (!options.exit) await Promise.race([stopped, service.died]).catch(ignoreStop);
    return code;
  } catch (error) {
    const isExplained = error instanceof Stopped || !(await service.hasDiedWithin(DEATH_FOLLOWS_WITHIN_MS));
    return report(screen, isExplained ? error : await service.died.catch((death: unknown) => death), folder);
  } finally {
    screen.silence();
    await service.stop();
  }
}

/** The story from the start of the service to the figures. Returns the exit code. */
async function perform(stage: Stage): Promise<number> {
  const { options, screen, folder, watch, service } = stage;
  screen.say(openingLine(folder.scale));
  screen.line(`Thư mục dữ liệu / data folder: ${folder.path}${folder.isResumed ? ' (làm tiếp / resumed)' : ''}`);
  // The file is made while the database is.
  const isFileWanted = !folder.isResumed;
  await Promise.all([service.whenReady(), isFileWanted && writeOfficeFile(folder.officeFile, folder.scale)]);
  screen.line(`Dịch vụ đang chạy / the service runs: ${service.url}`);
  watch.lap('start');
  const accounts = await openAccounts(folder);
  const people = await signEverybodyIn(folder, service.url, accounts);
  watch.lap('accounts');
  const setting = { folder, people, screen };
  const listId = await importSubscribers(setting);
  watch.lap('import');
  const ids = await launchCampaigns(setting, { listId, affectedAreaIds: await findAffectedAreas(setting) });
  watch.lap('campaigns');
  const bar = new ProgressBar(screen);
  await waitUntilCompleted(people.auditor, ids, (progress) => bar.show(progress));
  watch.lap('sending');
  const takenByCarrier = async (): Promise<number> => (await readLedger(folder.ledger, STAFF_PHONE)).accepted;
  const toCome = { patienceSeconds: options.receiptsTimeoutSeconds, takenByCarrier };
  await waitForReceipts(people.auditor, ids, toCome, (progress) => bar.show(progress));
  bar.finish();
  watch.lap('receipts');
  const view = await readAsAuditor(people.auditor);
  return conclude(stage, view, await readTestTexts(people.auditor, ids), accounts);
}

/** Shows the figures and says whether they add up; invites to a look around unless told to end. */
async function conclude(
  { options, screen, folder, watch, service }: Stage,
  view: AuditorsView,
  tests: TestTexts,
  accounts: readonly Account[],
): Promise<number> {
  const ledger = await readLedger(folder.ledger, STAFF_PHONE);
  watch.lap('statistics');
  screen.line();
  for (const line of auditorsTable(view, screen.columns)) screen.line(line);
  screen.line();
  const faults = faultsOf(view, tests, ledger, folder.scale);
  if (faults.length === 0) screen.say(agreementLine(ledger, view.total.accepted));
  for (const fault of faults) screen.line(`SAI LỆCH / DOES NOT ADD UP: ${fault}`);
  const peakRssMb = service.peakRssMb();
  if (options.exit) {
    await service.stop();
    watch.lap('stop');
  } else {
    showAccounts(screen, accounts);
  }
  const summary = makeSummary(view, watch.read(), peakRssMb);
  screen.say(costLine(summary.seconds.total!, peakRssMb));
  screen.say(nextLine(options.exit ? undefined : service.url));
  if (options.json) await printForPrograms(summary);
  return faults.length === 0 ? EXIT.ok : EXIT.fault;
}

function showAccounts(screen: Screen, accounts: readonly Account[]): void {
  screen.line('Tài khoản và mật khẩu để đăng nhập / accounts and passwords to sign in with:');
  for (const { role, username, password } of accounts)
    screen.line(`  ${role.padEnd(9)} ${username.padEnd(9)} ${password}`);
}

function ignoreStop(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
}

/** @returns the exit code */
function report(screen: Screen, error: unknown, folder: DemoFolder): number {
  if (error instanceof Stopped) {
    screen.line(`Đã dừng theo yêu cầu; làm tiếp bằng / stopped as told; go on with: ${folder.resumeCommand}`);
    return 128 + constants.signals[error.signal];
  }
  sayWhatIsWrong(error);
  return EXIT.fault;
}

function sayWhatIsWrong(error: unknown): void {
  const fault = error instanceof RestRefusal ? error.asFault() : error;
  if (fault instanceof Fault) process.stderr.write(`\n${fault.text.vi}\n${fault.text.en}\n`);
  else process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options) return await run(options);
    process.stdout.write(usage());
    return EXIT.ok;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage()}`);
      return EXIT.usage;
    }
    if (error instanceof Stopped) return 128 + constants.signals[error.signal];
    sayWhatIsWrong(error);
    return EXIT.fault;
  }
}

// Keep-alive connections to the service would hold the process for seconds.
void main().then((code) => process.exit(code));
