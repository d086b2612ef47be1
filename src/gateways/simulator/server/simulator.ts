import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../platform/observability/log';
import { SimulatorAddress, SimulatorFiles, simulatorFiles, writePrivateFile } from '../simulator-files';
import type { SimulatorKeys } from '../simulator-keys';
import { Attachments } from './attachments';
import type { Behaviour } from './behaviour';
import { Books, openBooks } from './books';
import { Conduct } from './conduct';
import { controlRoutes, savedReceiptsAddress } from './control-routes';
import { FolderLock } from './folder-lock';
import { Hung } from './hung';
import { LedgerWriter } from './ledger-writer';
import { LookUpEndpoint } from './look-up-endpoint';
import { MessagesEndpoint } from './messages-endpoint';
import { OwedReceipt, ReceiptQueue } from './receipt-queue';
import { ReceiptSender } from './receipt-sender';
import { createSimulatorServer } from './simulator-server';

export interface SimulatorSettings {
  /** The service's data folder; the simulator's own is `simulator` in it. */
  readonly dataDir: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly keys: SimulatorKeys;
  readonly behaviour: Behaviour;
  /** Ends after so long without an attached service and without a message; 0 never does. */
  readonly idleExitSeconds: number;
  readonly exitsOnLastDetach: boolean;
  readonly log: Log;
}

/** Another simulator runs on this folder. */
export class FolderTaken extends Error {}

const WATCH_MS = 1_000;
/** For answers that wait for their latency. */
const LAST_ANSWERS_MS = 2_000;

/** One running simulator. States: running → ending → ended. */
export class Simulator {
  readonly ended: Promise<void>;
  private readonly files: SimulatorFiles;
  private readonly attachments = new Attachments(() => performance.now());
  private readonly receipts: ReceiptSender;
  private readonly messages: MessagesEndpoint;
  private readonly server: Server;
  private readonly instance = randomUUID();
  private watch?: NodeJS.Timeout;
  private ending?: Promise<void>;
  private resolveEnded: () => void;

  /**
   * Takes the folder, reads the ledger, owes again what was never acknowledged, and listens.
   *
   * @throws FolderTaken; an Error with `code` EADDRINUSE; an Error about a damaged ledger
   */
  static async start(settings: SimulatorSettings): Promise<{ simulator: Simulator; address: SimulatorAddress }> {
    const files = simulatorFiles(settings.dataDir);
    const lock = FolderLock.acquire(files.folder);
    if (!lock) throw new FolderTaken(`another simulator serves ${files.folder}`);
    const simulator = new Simulator(settings, lock, openBooks(files, settings.behaviour));
    return { simulator, address: await simulator.listen() };
  }

  private constructor(
    private readonly settings: SimulatorSettings,
    private readonly lock: FolderLock,
    private readonly books: Books,
  ) {
    this.files = simulatorFiles(settings.dataDir);
    this.ended = new Promise((resolve) => (this.resolveEnded = resolve));
    const { keys, log, exitsOnLastDetach } = settings;
    const { ledger, index, closed, acknowledgements } = books;
    const conduct = new Conduct(settings.behaviour);
    const queue = new ReceiptQueue();
    const secret = keys.receiptsSecret;
    const receipts = new ReceiptSender({ queue, acknowledgements, secret, conduct, log });
    this.receipts = receipts;
    const oweReceipt = (receipt: OwedReceipt): void => receipts.push(receipt);
    const writer = new LedgerWriter({ ledger, index, conduct, oweReceipt, log });
    const hung = new Hung();
    this.messages = new MessagesEndpoint({ writer, closed, conduct, hung });
    const lookUps = new LookUpEndpoint({ ledger, writer, index, closed, conduct, hung, log });
    const { files, instance, attachments } = this;
    const end = (reason: string): void => void this.stop(reason);
    const isEnding = (): boolean => this.ending !== undefined;
    const parts = { files, instance, conduct, ledger, receipts, attachments, exitsOnLastDetach, end, isEnding };
    const { messages } = this;
    this.server = createSimulatorServer(keys.token, { messages, lookUps }, controlRoutes(parts), log);
  }

  /** Answers what it can, keeps what it owes for the next start. Safe to call twice. */
  stop(reason: string): Promise<void> {
    return (this.ending ??= this.end(reason));
  }

  private async listen(): Promise<SimulatorAddress> {
    const { host, port } = this.settings;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, resolve);
    });
    const bound = this.server.address() as AddressInfo;
    const hostPart = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
    const url = `http://${hostPart}:${bound.port}`;
    const address = { url, port: bound.port, pid: process.pid, instance: this.instance };
    writePrivateFile(this.files.address, address);
    for (const receipt of this.books.owed) this.receipts.push(receipt);
    const receiptsAddress = savedReceiptsAddress(this.files);
    if (receiptsAddress) this.receipts.setAddress(receiptsAddress);
    this.watch = this.startWatch();
    const { accepted } = this.books.ledger;
    this.settings.log.info({ port: bound.port, accepted, owed: this.books.owed.length }, 'the simulator listens');
    return address;
  }

  private startWatch(): NodeJS.Timeout {
    let accepted = this.books.ledger.accepted;
    return setInterval(() => {
      if (!this.lock.isHeld()) return void this.stop('its folder was removed');
      if (this.books.ledger.accepted !== accepted) this.attachments.noteActivity();
      accepted = this.books.ledger.accepted;
      const { idleExitSeconds } = this.settings;
      const isIdle = idleExitSeconds > 0 && this.attachments.idleMs >= idleExitSeconds * 1000;
      if (isIdle) void this.stop('no service was attached for long');
    }, WATCH_MS);
  }

  private async end(reason: string): Promise<void> {
    const { log } = this.settings;
    log.info({ reason }, 'the simulator ends');
    clearInterval(this.watch);
    this.messages.stop();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.attachments.closeAll();
    const cut = setTimeout(() => this.server.closeAllConnections(), LAST_ANSWERS_MS);
    await Promise.all([closed, this.receipts.stop()]);
    clearTimeout(cut);
    this.books.ledger.close();
    this.books.closed.close();
    this.books.acknowledgements.close();
    if (this.lock.isHeld()) rmSync(this.files.address, { force: true });
    log.info({ owed: this.receipts.pending }, 'the simulator has ended; what it owes is sent after its next start');
    this.resolveEnded();
  }
}
