import { fault } from '../platform/errors';

export const subscriberNotFound = fault('notFound', 'subscriber.not-found', {
  vi: 'Không có thuê bao {id} trong danh bạ.',
  en: 'There is no subscriber {id} in the register.',
});

export const subscriberChangedMeanwhile = fault('conflict', 'subscriber.changed-meanwhile', {
  vi: 'Thuê bao {id} vừa được sửa từ nơi khác. Hãy tải lại, xem nội dung mới rồi sửa lại nếu vẫn cần.',
  en: 'Subscriber {id} has been changed meanwhile. Load it again and repeat your correction if it is still needed.',
});

export const numberTaken = fault(
  'conflict',
  'subscriber.number-taken',
  {
    vi: 'Số điện thoại này đã thuộc về thuê bao {id}. Hãy mở thuê bao đó để sửa hoặc để thêm vào danh sách.',
    en: 'This number belongs to subscriber {id} already. Open that one to correct it or to put it on a list.',
  },
  'phone',
);

export const numberErased = fault(
  'conflict',
  'subscriber.number-erased',
  {
    vi: 'Người dùng số này đã yêu cầu xóa dữ liệu của mình. Chỉ được đưa số vào lại danh bạ khi họ đồng ý: hãy ghi nhận sự đồng ý của họ trước.',
    en: 'The person of this number had his data erased. It may come back only by his consent: record the consent first.',
  },
  'phone',
);

export const nameWithoutLetters = fault(
  'invalid',
  'subscriber.name-without-letters',
  {
    vi: 'Tên cần tìm không có chữ cái hay chữ số nào. Hãy gõ ít nhất một chữ của tên.',
    en: 'The name to look for has no letter or digit. Type at least one letter of it.',
  },
  'name',
);

export const phoneEndHidden = fault(
  'forbidden',
  'subscriber.phone-end-hidden',
  {
    vi: 'Chỉ người được xem số điện thoại mới tìm được theo các số cuối. Hãy tìm bằng cả số.',
    en: 'Only who may see numbers may search by the last digits. Search by the whole number.',
  },
  'phoneEnd',
);

export const selectionEmpty = fault(
  'invalid',
  'selection.empty',
  {
    vi: 'Chưa chọn ai. Hãy nêu danh sách, địa bàn, tên, trạng thái hoặc thuê bao; muốn chọn tất cả mọi người thì ghi "everybody": true.',
    en: 'Nobody is selected. Name lists, areas, a name, a state or subscribers; to mean everybody, say "everybody": true.',
  },
  'selection',
);

export const listInUse = fault('conflict', 'list.in-use', {
  vi: 'Không xóa được danh sách {id}: còn {subscribers} thuê bao, {campaigns} chiến dịch và {imports} lần nhập liên quan. Chỉ xóa được danh sách trống chưa từng dùng; danh sách khác được giữ để tra cứu về sau.',
  en: 'List {id} cannot be deleted: {subscribers} subscriber(s), {campaigns} campaign(s) and {imports} import(s) refer to it. Only an empty list that was never used can go; others are kept as proof.',
});

export const retentionOver = fault(
  'invalid',
  'list.retention-over',
  {
    vi: 'Thời hạn lưu giữ phải là một ngày sau hôm nay ({today}).',
    en: 'The list must be kept until a day after today ({today}).',
  },
  'retainUntil',
);
