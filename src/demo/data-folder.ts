import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeEmbeddedPostgres } from '../platform/database/embedded';
import { foreignFolder, otherScale } from './demo-faults';
import { endProcess, knownProcess, readKnownProcess, writeKnownProcess } from './known-process';

/** In the working directory. */
export const DEFAULT_FOLDER = 'demo-data';
/** Says that a folder is the demo's own and may be wiped by it. */
const MARKER = '.tinluat-demo';
/** The service takes up to a minute for a clean stop. */
const STOP_GRACE_MS = 70_000;
const DATABASE_GONE_WITHIN_MS = 60_000;
const POLL_MS = 250;

interface Marker {
  readonly tinluat: 'demo';
  readonly scale: number;
  /** A wipe that was begun is finished before anything else. */
  readonly isBeingWiped?: true;
}

/** The demo's own data folder: the service's DATA_DIR, and beside it what the demo has to remember. */
export class DemoFolder {
  readonly officeFile: string;
  readonly officialDocument: string;
  readonly accounts: string;
  readonly serviceLog: string;
  readonly serviceProcess: string;
  readonly ledger: string;

  private constructor(
    readonly path: string,
    readonly scale: number,
    /** Whether a demo was begun in it before. */
    readonly isResumed: boolean,
  ) {
    this.officeFile = join(path, 'thue-bao-an-giang-2021.xlsx');
    this.officialDocument = join(path, 'ke-hoach-ban-mau.pdf');
    this.accounts = join(path, 'accounts.json');
    this.serviceLog = join(path, 'service.log');
    this.serviceProcess = join(path, 'service.process.json');
    this.ledger = join(path, 'simulator', 'ledger.log');
  }

  /** What to type to go on with the demo of this folder. */
  get resumeCommand(): string {
    const isDefault = relative(process.cwd(), this.path) === DEFAULT_FOLDER;
    return `npm run demo -- --resume${isDefault ? '' : ` --data-dir ${this.path}`}`;
  }

  /**
   * Opens the folder. What still runs on it from an earlier demo is stopped first; then it is wiped, unless that demo is
   * to be resumed.
   *
   * @throws foreignFolder, otherScale
   */
  static async open(path: string, options: { resume: boolean; scale: number | undefined }): Promise<DemoFolder> {
    const marker = readMarker(path);
    if (!marker && !isEmpty(path)) throw foreignFolder({ path });
    const resumed = options.resume && !marker?.isBeingWiped ? marker : undefined;
    const { scale = resumed?.scale ?? 1 } = options;
    if (resumed && scale !== resumed.scale) throw otherScale({ path, kept: resumed.scale });
    if (marker) await stopLeftovers(path);
    if (marker && !resumed) await wipe(path, marker);
    if (!resumed) writeMarker(path, { tinluat: 'demo', scale });
    writeKnownProcess(demoProcess(path), knownProcess(process.pid));
    return new DemoFolder(path, scale, resumed !== undefined);
  }
}

const demoProcess = (path: string): string => join(path, 'demo.process.json');

/** An earlier demo whose terminal is gone, and a service whose demo was killed. Each is known by id and start time. */
async function stopLeftovers(path: string): Promise<void> {
  for (const record of [demoProcess(path), join(path, 'service.process.json')]) {
    const known = readKnownProcess(record);
    if (known && known.pid !== process.pid) await endProcess(known, STOP_GRACE_MS);
  }
}

/** The database goes by the part of the service that made it: for root it may lie outside the folder. The marker goes last. */
async function wipe(path: string, marker: Marker): Promise<void> {
  writeMarker(path, { ...marker, isBeingWiped: true });
  await stopSimulator(path);
  if (existsSync(join(path, 'postgres'))) await removeDatabase(path);
  for (const name of readdirSync(path)) {
    if (name !== MARKER) rmSync(join(path, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The simulator outlives a killed service on purpose; its lock names it. */
async function stopSimulator(path: string): Promise<void> {
  const folder = join(path, 'simulator');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((file) => /^lock\.\d+$/.test(file))) {
    const known = readKnownProcess(join(folder, name));
    if (known) await endProcess(known, STOP_GRACE_MS);
  }
}

/** After a kill the server takes a moment to notice that its last user is gone. */
async function removeDatabase(path: string): Promise<void> {
  const deadline = performance.now() + DATABASE_GONE_WITHIN_MS;
  for (;;) {
    try {
      return await removeEmbeddedPostgres({ dataDir: path, log: () => undefined });
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}

function readMarker(path: string): Marker | undefined {
  try {
    const marker = JSON.parse(readFileSync(join(path, MARKER), 'utf8')) as Partial<Marker> | null;
    const isOurs = marker?.tinluat === 'demo' && Number.isSafeInteger(marker.scale);
    return isOurs ? (marker as Marker) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

function writeMarker(path: string, marker: Marker): void {
  mkdirSync(path, { recursive: true });
  const draft = join(path, `${MARKER}.draft`);
  writeFileSync(draft, `${JSON.stringify(marker)}\n`);
  renameSync(draft, join(path, MARKER));
}

/** A draft of the marker is all that a demo killed at its very first step leaves. */
function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).every((name) => name === `${MARKER}.draft`);
  } catch (error) {
    if (isMissing(error)) return true;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
