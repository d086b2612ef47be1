import { Fault, type FieldFault, fillIn, type Localised } from '../platform/errors';
import type { CompiledVersion } from '../templates';

/** What stands in the way of texts, with how many recipients have it and the first of them. */
export interface Trouble {
  /** `missing`, `unfit`, or what is wrong with the text. */
  readonly kind: string;
  /** The variable, the gateway that would refuse the text, or the mode of the text. */
  readonly name: string;
  readonly recipients: number;
  readonly subscriberIds: readonly number[];
}

/** So many recipients with a trouble are named, by the ids of their records. */
const MOST_NAMED = 20;

const VALUES_MISSING = {
  vi: 'Chưa trình được: có người nhận chưa có đủ giá trị hoặc tin của họ không gửi được, xem "errors". Chưa có gì được ghi hay gửi.',
  en: 'Not submitted: some recipients lack values, or their texts cannot be sent, see "errors". Nothing was written or sent.',
};

/** By kind; what is not among them is a fault of the text itself. */
const SENTENCES: Readonly<Record<string, { readonly code: string; readonly text: Localised }>> = {
  'missing-campaign': {
    code: 'campaign.value-missing',
    text: {
      vi: 'Chiến dịch chưa có giá trị "{label}" ({name}) cho {count} người nhận: mã {ids}. Hãy nhập giá trị này; nếu mẫu cho phép để trống thì ghi "".',
      en: 'The campaign has no value for "{label}" ({name}) for {count} recipients: ids {ids}. Enter it, or "" to leave it blank where the template allows it.',
    },
  },
  'missing-subscriber': {
    code: 'campaign.recipients-lack-value',
    text: {
      vi: '{count} thuê bao không có "{label}" ({name}): mã {ids}. Hãy bổ sung dữ liệu, đặt giá trị mặc định hoặc chọn mẫu khác.',
      en: '{count} subscribers have no "{label}" ({name}): ids {ids}. Complete their data, set a default or choose another template.',
    },
  },
  unfit: {
    code: 'campaign.value-unfit',
    text: {
      vi: 'Giá trị "{label}" ({name}) của {count} người nhận không phải ngày hoặc số đúng dạng: mã {ids}. Hãy sửa giá trị.',
      en: 'The value "{label}" ({name}) of {count} recipients is no proper date or number: ids {ids}. Correct it.',
    },
  },
  'too-many-segments': {
    code: 'campaign.too-many-segments',
    text: {
      vi: 'Tin của {count} người nhận có nhiều bản tin (MT) hơn cổng nhắn tin {name} cho phép: mã {ids}. Hãy rút gọn hoặc gửi không dấu.',
      en: 'The texts of {count} recipients have more segments than the gateway {name} takes: ids {ids}. Shorten them or send without accents.',
    },
  },
  'too-long': {
    code: 'campaign.text-too-long',
    text: {
      vi: 'Tin của {count} người nhận dài hơn cổng nhắn tin {name} cho phép: mã {ids}. Hãy rút gọn mẫu hoặc giá trị.',
      en: 'The texts of {count} recipients are longer than the gateway {name} takes: ids {ids}. Shorten the template or the values.',
    },
  },
  'forbidden-character': {
    code: 'campaign.forbidden-character',
    text: {
      vi: 'Tin của {count} người nhận có ký tự mà cổng nhắn tin {name} không nhận: mã {ids}. Hãy thay ký tự đó trong mẫu hoặc dữ liệu.',
      en: 'The texts of {count} recipients hold a character that the gateway {name} does not take: ids {ids}. Replace it.',
    },
  },
  'unicode-not-supported': {
    code: 'campaign.unicode-not-supported',
    text: {
      vi: 'Cổng nhắn tin {name} chỉ nhận tin không dấu, mà tin của {count} người nhận có dấu hoặc chữ khác: mã {ids}. Hãy gửi không dấu.',
      en: 'The gateway {name} takes plain letters only, and the texts of {count} recipients hold others: ids {ids}. Send without accents.',
    },
  },
  'template.text-too-long': {
    code: 'campaign.text-too-long',
    text: {
      vi: 'Tin của {count} người nhận quá dài: mã {ids}. Hãy rút gọn mẫu hoặc giá trị.',
      en: 'The texts of {count} recipients are too long: ids {ids}. Shorten the template or the values.',
    },
  },
  'template.text-empty': {
    code: 'campaign.text-empty',
    text: {
      vi: 'Tin của {count} người nhận không có nội dung: mã {ids}. Hãy kiểm tra các khối if, unless.',
      en: 'The texts of {count} recipients are empty: ids {ids}. Check the if and unless blocks.',
    },
  },
};

/** Troubles of an audience of any size: a count and some ids each. */
export class Troubles {
  private readonly found = new Map<
    string,
    { kind: string; name: string; recipients: number; subscriberIds: number[] }
  >();

  note(kind: string, name: string, subscriberId: number): void {
    const key = `${kind} ${name}`;
    let entry = this.found.get(key);
    if (!entry) this.found.set(key, (entry = { kind, name, recipients: 0, subscriberIds: [] }));
    entry.recipients += 1;
    if (entry.subscriberIds.length < MOST_NAMED) entry.subscriberIds.push(subscriberId);
  }

  get isEmpty(): boolean {
    return this.found.size === 0;
  }

  all(): Trouble[] {
    return [...this.found.values()];
  }

  /** @throws Fault `campaign.values-missing`, each trouble with its own code, count and first recipients by id */
  refuse(version: CompiledVersion): never {
    const fields = this.all().map((trouble) => asFieldFault(trouble, version));
    throw new Fault('invalid', 'campaign.values-missing', VALUES_MISSING, { field: fields[0]!.field, fields });
  }
}

/** A trouble as a sentence for people. */
export function asFieldFault({ kind, name, recipients, subscriberIds }: Trouble, version: CompiledVersion): FieldFault {
  // A gateway may have the name of a variable.
  const variable = kind === 'missing' || kind === 'unfit' ? version.variables[name] : undefined;
  const sentence = SENTENCES[kind === 'missing' ? `missing-${variable?.source ?? 'campaign'}` : kind];
  if (!sentence) throw new Error(`a trouble without a sentence: ${kind}`);
  const ids = subscriberIds.join(', ') + (recipients > subscriberIds.length ? ', …' : '');
  const params = { name, label: variable?.label ?? name, count: recipients, ids };
  const field = !variable ? 'templateVersionId' : variable.source === 'campaign' ? `values.${name}` : name;
  return { field, code: sentence.code, message: fillIn(sentence.text, params) };
}
