import type { OutgoingMessage } from '../../src/gateways';

/** What a request carried, wherever the gateway keeps it. */
export interface SentText {
  readonly phone: string;
  readonly sender: string;
  readonly text: string;
  readonly reference: string;
}

export const MESSAGE: OutgoingMessage = {
  reference: { batchId: 7, seq: 37_400, attempt: 2 },
  phone: '+84912345678',
  sender: 'SOTUPHAP',
  text: 'Sở Tư pháp: Ngày bầu cử 23/5/2021 & "giờ bỏ phiếu" từ 7 giờ đến 19 giờ. Chi tiết: a+b=c?',
  segments: 2,
};
export const TIMEOUT_MS = 800;
