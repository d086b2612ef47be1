import { Fault, fault, type FieldFault, fillIn, type Localised } from '../../platform/errors';
import type { CompiledVersion } from '../../templates';
import type { Trouble } from '../troubles';

export const onlyDrafts = fault('conflict', 'test-send.only-drafts', {
  vi: 'Chỉ gửi thử được bản nháp; chiến dịch đang ở trạng thái "{state}". Hãy sửa lại chiến dịch để về bản nháp rồi gửi thử.',
  en: 'Only a draft is tried; the campaign is in the state "{state}". Edit it, which makes it a draft, then try it.',
});
export const unknownColleague = fault(
  'invalid',
  'test-send.unknown-person',
  {
    vi: 'Không có tài khoản còn hoạt động mang số {ids}. Hãy chọn người nhận tin thử khác.',
    en: 'There is no account {ids} that can sign in. Choose somebody else.',
  },
  'userIds',
);
export const noPhone = fault(
  'invalid',
  'test-send.no-phone',
  {
    vi: 'Tài khoản {ids} chưa có số điện thoại để nhận tin thử. Hãy đề nghị quản trị viên nhập số (PATCH /api/v1/users).',
    en: 'The account {ids} has no number for test sends yet. Ask an administrator to enter it (PATCH /api/v1/users).',
  },
  'userIds',
);
export const unknownRecipient = fault(
  'invalid',
  'test-send.unknown-subscriber',
  {
    vi: 'Không có thuê bao mang mã {id}, hoặc dữ liệu đã được xóa. Hãy chọn thuê bao khác.',
    en: 'There is no subscriber {id}, or his data were erased. Choose another one.',
  },
  'subscriberId',
);
export const tooManyTests = fault('limited', 'test-send.too-many', {
  vi: 'Mỗi chiến dịch gửi thử nhiều nhất {most} lần trong một giờ. Hãy xem lại nội dung bằng chức năng xem trước rồi thử lại sau.',
  en: 'A campaign is tried {most} times an hour at most. Look at its preview meanwhile and try again later.',
});

const NOT_SENDABLE: Localised = {
  vi: 'Chưa gửi thử được: nội dung còn thiếu hoặc cổng nhắn tin không nhận, xem "errors". Chưa có tin nào được gửi.',
  en: 'Not sent: something is missing, or the gateway would not take the text, see "errors". Nothing was sent.',
};
const VALUE_MISSING: Localised = {
  vi: 'Thiếu "{label}" ({name}). Hãy nhập giá trị này cho chiến dịch, hoặc chọn thuê bao có dữ liệu này.',
  en: '"{label}" ({name}) is missing. Enter it for the campaign, or choose a subscriber who has it.',
};
const VALUE_UNFIT: Localised = {
  vi: '"{label}" ({name}) không phải ngày hoặc số đúng dạng. Hãy sửa giá trị.',
  en: '"{label}" ({name}) is no proper date or number. Correct it.',
};
const TEXT_REFUSED: Localised = {
  vi: 'Cổng nhắn tin không nhận nội dung này ({kind}). Hãy rút gọn, bỏ ký tự lạ hoặc gửi không dấu.',
  en: 'The gateway does not take this text ({kind}). Shorten it, leave out unusual characters or send it without accents.',
};

/** A text that recipients could not get is not tried either: each trouble with the field it lies in. */
export function notSendable(troubles: readonly Trouble[], { variables }: CompiledVersion): Fault {
  const fields = troubles.map(({ kind, name }): FieldFault => {
    const variable = variables[name];
    const field = !variable ? 'templateVersionId' : variable.source === 'campaign' ? `values.${name}` : name;
    const params = { kind, name, label: variable?.label ?? name };
    if (kind === 'missing') return { field, code: 'test-send.value-missing', message: fillIn(VALUE_MISSING, params) };
    if (kind === 'unfit') return { field, code: 'test-send.value-unfit', message: fillIn(VALUE_UNFIT, params) };
    return { field, code: 'test-send.text-refused', message: fillIn(TEXT_REFUSED, params) };
  });
  return new Fault('invalid', 'test-send.not-sendable', NOT_SENDABLE, { field: fields[0]?.field, fields });
}
