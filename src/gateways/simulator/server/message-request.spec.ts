import * as fc from 'fast-check';
import { readJson, readMessageRequest } from './message-request';

const GOOD = { reference: '7.1.1', to: '+84912345678', from: 'SOTUPHAP', text: 'Kính mời cử tri', segments: 1 };
const fieldsOf = (value: unknown): string[] => {
  const result = readMessageRequest(readJson(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))));
  return 'reference' in result ? [] : result.map(({ field }) => field);
};

describe('A message for the simulator', () => {
  it('is read with the batch that its reference names', () => {
    const parsed = { batchId: 7, seq: 1, attempt: 1 };
    expect(readMessageRequest(GOOD)).toEqual({ ...GOOD, parsed, isIdempotent: false });
    const { idempotent, ...message } = { ...GOOD, idempotent: true };
    expect(readMessageRequest({ ...message, idempotent })).toEqual({ ...GOOD, parsed, isIdempotent: true });
  });

  it.each([
    ['reference', { ...GOOD, reference: '7.1' }],
    ['to', { ...GOOD, to: '0912345678' }],
    ['to', { ...GOOD, to: '+84912345678;+84987654321' }],
    ['from', { ...GOOD, from: 'MORE THAN 11' }],
    ['from', { ...GOOD, from: 'SỞ TƯ PHÁP' }],
    ['text', { ...GOOD, text: '' }],
    ['text', { ...GOOD, text: 'a'.repeat(1_531) }],
    ['segments', { ...GOOD, segments: 0 }],
    ['segments', { ...GOOD, segments: 1.5 }],
    ['idempotent', { ...GOOD, idempotent: 'yes' }],
    ['priority', { ...GOOD, priority: 1 }],
    ['body', '{"reference":'],
    ['body', 'null'],
  ])('is refused by the name of its bad field: %s', (field, value) => {
    expect(fieldsOf(value)).toEqual([field]);
  });

  it('is refused with all its bad fields at once', () => {
    expect(fieldsOf({ to: 1, extra: true })).toEqual(['reference', 'to', 'from', 'text', 'segments', 'extra']);
  });

  it('never makes the simulator fall, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(fieldsOf(text).length).toBeGreaterThan(0);
      }),
    );
  });
});
