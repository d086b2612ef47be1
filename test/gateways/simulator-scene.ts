import { readFileSync, rmSync } from 'node:fs';
import type { Behaviour, LookUpAnswer, OutgoingMessage, SendOutcome } from '../../src/gateways';
import { simulatorFiles } from '../../src/gateways';
import { LedgerEntry, parseEntry } from '../../src/gateways/simulator/server/ledger-entry';
import type { SimulatorOptions } from '../../src/gateways/simulator/simulator-options';
import { ReceiptsSink } from './receipts-sink';
import { KEYS, newDataDir, SimulatorProcess } from './simulator-process';

export const text = (seq: number, attempt = 1): OutgoingMessage => ({
  reference: { batchId: 1, seq, attempt },
  phone: `+84${912_000_000 + seq}`,
  sender: 'SOTUPHAP',
  text: `Kính mời cử tri số ${seq}`,
  segments: 1,
});
export const seqsTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
export const kindsOf = (outcomes: SendOutcome[]): string[] => [...new Set(outcomes.map(({ kind }) => kind))];

/** One simulator process on a data folder of its own, and a service that takes its receipts. */
export class SimulatorScene {
  readonly dataDir = newDataDir();
  simulator: SimulatorProcess;

  private constructor(readonly sink: ReceiptsSink) {}

  static async open(): Promise<SimulatorScene> {
    return new SimulatorScene(await ReceiptsSink.start(KEYS));
  }

  /** Starts the simulator, again when it was killed: on the same folder. */
  async start(behaviour: Partial<Behaviour> = {}): Promise<void> {
    this.simulator = await SimulatorProcess.start(this.dataDir, behaviour);
  }

  async sendAll(seqs: number[], options: Partial<SimulatorOptions> = {}): Promise<SendOutcome[]> {
    const gateway = this.simulator.gateway({ sockets: 50, ...options });
    const outcomes = await Promise.all(seqs.map((seq) => gateway.send(text(seq))));
    await gateway.close();
    return outcomes;
  }

  /** In one request. */
  async sendList(messages: OutgoingMessage[], options: Partial<SimulatorOptions> = {}): Promise<SendOutcome[]> {
    const gateway = this.simulator.gateway({ largestBatch: 500, ...options });
    const outcomes = await gateway.sendBatch!(messages);
    await gateway.close();
    return outcomes;
  }

  async lookUp(message: OutgoingMessage, options: Partial<SimulatorOptions> = {}): Promise<LookUpAnswer> {
    const gateway = this.simulator.gateway(options);
    const answer = await gateway.lookUp!(message);
    await gateway.close();
    return answer;
  }

  reportReceiptsHere(): Promise<unknown> {
    return this.simulator.control.setReceiptsAddress(this.sink.url);
  }

  async hasNoReceiptsPending(): Promise<boolean> {
    return (await this.simulator.control.health()).pendingReceipts === 0;
  }

  /** The entries of the ledger, without its header. */
  ledgerLines(): string[] {
    return readFileSync(simulatorFiles(this.dataDir).ledger, 'latin1').split('\n').slice(1, -1);
  }

  ledgerEntries(): LedgerEntry[] {
    return this.ledgerLines().map((line) => parseEntry(line)!);
  }

  async close(): Promise<void> {
    await this.simulator?.kill();
    await this.sink.stop();
    rmSync(this.dataDir, { recursive: true });
  }
}
