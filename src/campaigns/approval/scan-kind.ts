import { fault } from '../../platform/errors';
import { isFitText } from '../../platform/http/text-rules';

export const notAScan = fault(
  'invalid',
  'document.not-a-scan',
  {
    vi: 'Tệp không phải là bản chụp PDF, PNG hay JPEG (xét theo nội dung tệp). Hãy quét lại văn bản rồi tải lên.',
    en: 'By its content the file is no PDF, PNG or JPEG. Scan the paper again and upload that.',
  },
  'file',
);
export const nameDiffers = fault(
  'invalid',
  'document.name-differs',
  {
    vi: 'Nội dung tệp là {kind} nhưng tên tệp không có đuôi {endings}. Hãy đặt lại tên hoặc chọn đúng tệp.',
    en: 'The file is a {kind}, but its name does not end in {endings}. Rename it or choose the right file.',
  },
  'file',
);

interface ScanKind {
  readonly name: string;
  readonly mediaType: string;
  readonly endings: readonly string[];
  readonly start: Buffer;
}

/** First bytes: ISO 32000-2 §7.5.2 (PDF), ISO/IEC 15948 §5.2 (PNG), ITU-T T.81 annex B (JPEG: SOI, then a marker). */
const KINDS: readonly ScanKind[] = [
  { name: 'PDF', mediaType: 'application/pdf', endings: ['.pdf'], start: Buffer.from('%PDF-') },
  { name: 'PNG', mediaType: 'image/png', endings: ['.png'], start: Buffer.from('89504e470d0a1a0a', 'hex') },
  { name: 'JPEG', mediaType: 'image/jpeg', endings: ['.jpg', '.jpeg'], start: Buffer.from('ffd8ff', 'hex') },
];

const LONGEST_STEM = 150;

const endingOf = (fileName: string): string => /\.[a-z]+$/i.exec(fileName)?.[0].toLowerCase() ?? '';

/**
 * What a scan is, by its first bytes, which its name must not contradict: a browser and a person go by the name.
 *
 * @throws notAScan, nameDiffers
 */
export function scanKind(content: Buffer, fileName: string): { readonly mediaType: string } {
  const kind = KINDS.find(({ start }) => content.subarray(0, start.length).equals(start));
  if (!kind) throw notAScan();
  if (!kind.endings.includes(endingOf(fileName))) {
    throw nameDiffers({ kind: kind.name, endings: kind.endings.join(', ') });
  }
  return kind;
}

/** A name that any system can save a file under, and every header carry: NFC, no path, no control or reserved character. */
export function safeFileName(given: string): string {
  const bare = given.normalize('NFC').split(/[/\\]/).at(-1)!;
  const ending = endingOf(bare);
  const stem = [...bare.slice(0, bare.length - ending.length)]
    .map((character) => (isFitText(character) && !/[\p{C}\s<>:"|?*]/u.test(character) ? character : ' '))
    .join('')
    .replace(/ +/g, ' ')
    .trim();
  const short = [...stem].slice(0, LONGEST_STEM).join('').trim();
  // Windows neither shows nor opens names that begin with a dot, or end in one, as people expect.
  return `${short.replace(/^\.+|\.+$/g, '') || 'van-ban'}${ending}`;
}
