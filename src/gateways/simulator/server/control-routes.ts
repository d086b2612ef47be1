import { readJsonFile, SIMULATOR_NAME, SimulatorFiles, writePrivateFile } from '../simulator-files';
import { badReceiptsAddress, badReceiptsToPost } from '../simulator-faults';
import type { PostedReceipt } from '../simulator-receipts';
import type { Attachments } from './attachments';
import { readBehaviour } from './behaviour';
import type { Conduct } from './conduct';
import { answerJson, answerRefusal } from './http-answers';
import type { Ledger } from './ledger';
import { summariseLedger } from './ledger-summary';
import type { ReceiptSender } from './receipt-sender';
import type { ControlRoute, ControlRoutes } from './simulator-server';

export interface ControlParts {
  readonly files: SimulatorFiles;
  readonly instance: string;
  readonly conduct: Conduct;
  readonly ledger: Ledger;
  readonly receipts: ReceiptSender;
  readonly attachments: Attachments;
  /** Whether the simulator is to end when the last attached service detaches. */
  readonly exitsOnLastDetach: boolean;
  readonly end: (reason: string) => void;
  readonly isEnding: () => boolean;
}

/** Everything but `POST /messages`. */
export function controlRoutes(parts: ControlParts): ControlRoutes {
  const { files, conduct, attachments } = parts;
  return {
    'GET /health': (_body, response) => answerJson(response, 200, healthOf(parts)),
    'GET /ledger': async (_body, response) => answerJson(response, 200, await summariseLedger(files.ledger)),
    'GET /deeds': (_body, response) => answerJson(response, 200, { ...conduct.deeds, ...parts.receipts.deeds }),
    'GET /behaviour': (_body, response) => answerJson(response, 200, conduct.behaviour),
    'PUT /behaviour': (body, response) => {
      conduct.set(readBehaviour(body));
      answerJson(response, 200, conduct.behaviour);
    },
    'PUT /receipts-address': (body, response) => {
      const url = readReceiptsAddress(body);
      writePrivateFile(files.receiptsAddress, { url });
      parts.receipts.setAddress(url);
      answerJson(response, 200, { url });
    },
    'POST /receipts': async (body, response) => {
      const { receipts, forged } = readReceiptsToPost(body);
      answerJson(response, 200, { answer: await parts.receipts.postNow(receipts, forged) });
    },
    'GET /attachments': (_body, response) => {
      // Whoever comes too late must start the next simulator, not hold on to this one.
      if (parts.isEnding()) answerRefusal(response, 503, 'ending', {}, { connection: 'close' });
      else attachments.attach(response);
    },
    'DELETE /attachments/*': detachment(parts),
  };
}

/** The address a service gave to an earlier simulator of this folder. */
export function savedReceiptsAddress(files: SimulatorFiles): string | undefined {
  const saved = readJsonFile(files.receiptsAddress);
  return saved === undefined ? undefined : readReceiptsAddress(saved);
}

function detachment({ attachments, exitsOnLastDetach, end }: ControlParts): ControlRoute {
  return (_body, response, id) => {
    if (!attachments.detach(id)) return answerRefusal(response, 404, 'not-attached');
    const isEnding = exitsOnLastDetach && attachments.count === 0;
    answerJson(response, 200, { attachments: attachments.count, isEnding });
    if (isEnding) end('the last service detached');
  };
}

function readReceiptsAddress(body: unknown): string {
  const url = (body as { url?: unknown } | null | undefined)?.url;
  const isAddress = typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isAddress) throw badReceiptsAddress();
  return url;
}

function readReceiptsToPost(body: unknown): { receipts: readonly PostedReceipt[]; forged: boolean } {
  const { receipts, forged } = (body ?? {}) as { receipts?: unknown; forged?: unknown };
  if (!Array.isArray(receipts) || typeof forged !== 'boolean') throw badReceiptsToPost();
  return { receipts: receipts as PostedReceipt[], forged };
}

function healthOf({ instance, ledger, receipts, attachments }: ControlParts): Record<string, unknown> {
  const { user, system } = process.cpuUsage();
  return {
    name: SIMULATOR_NAME,
    pid: process.pid,
    instance,
    accepted: ledger.accepted,
    pendingReceipts: receipts.pending,
    attachments: attachments.count,
    /** Since the start; two readings and the acceptances between them give the cost of one. */
    cpuMicroseconds: user + system,
  };
}
