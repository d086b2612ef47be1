import { fault } from '../platform/errors';

export const campaignNotFound = fault('notFound', 'campaign.not-found', {
  vi: 'Không có chiến dịch {id}.',
  en: 'There is no campaign {id}.',
});

export const actNotAllowed = fault('conflict', 'campaign.act-not-allowed', {
  vi: 'Chiến dịch đang ở trạng thái "{state}" nên không làm được việc "{act}". Hãy tải lại để xem trạng thái mới.',
  en: 'The campaign is in the state "{state}", which does not allow "{act}". Reload to see its present state.',
});

export const campaignChanged = fault(
  'conflict',
  'campaign.changed-meanwhile',
  {
    vi: 'Người khác vừa sửa chiến dịch này (bản {revision}). Hãy tải lại, xem rồi thử lại.',
    en: 'Somebody else has changed this campaign (revision {revision}). Reload, look at it and try again.',
  },
  'revision',
);

export const authorCannotApprove = fault('forbidden', 'campaign.author-cannot-approve', {
  vi: 'Người soạn, sửa hoặc trình chiến dịch không được tự phê duyệt. Hãy chuyển cho người phê duyệt khác.',
  en: 'Whoever wrote, edited or submitted a campaign cannot approve it. Ask another approver.',
});

export const contentDiffers = fault(
  'conflict',
  'campaign.content-differs',
  {
    vi: 'Nội dung, người nhận hoặc lịch gửi khác với bản anh/chị đã xem. Hãy tải lại và xem trước khi phê duyệt.',
    en: 'Text, audience or schedule differ from what you saw. Reload and look before you approve.',
  },
  'contentHash',
);

export const noRecipients = fault(
  'invalid',
  'campaign.no-recipients',
  {
    vi:
      'Không có thuê bao nào nhận tin: danh sách trống, địa bàn không khớp, mọi người đã từ chối nhận tin, ' +
      'hoặc các số đều nhiều lần không nhận được tin và cần xác minh.',
    en:
      'Nobody would get this text: the lists are empty, no area fits, everybody has opted out, or all numbers were ' +
      'unreachable many times and must be verified.',
  },
  'listIds',
);

export const startTimeUnreadable = fault(
  'invalid',
  'campaign.start-time-unreadable',
  {
    vi: 'Giờ gửi phải là ngày giờ có thật theo giờ Việt Nam, dạng 2021-05-20T08:00.',
    en: 'The start time must be a date and time that exist, in Vietnam time, as 2021-05-20T08:00.',
  },
  'startsAt',
);

export const unknownReference = fault('invalid', 'campaign.unknown-reference', {
  vi: 'Không có {what} mang số {id}. Hãy chọn lại.',
  en: 'There is no {what} {id}. Choose again.',
});

export const unknownGateway = fault(
  'invalid',
  'campaign.unknown-gateway',
  {
    vi: 'Không có cổng nhắn tin này. Các cổng đang dùng: {names}.',
    en: 'There is no such gateway. In use: {names}.',
  },
  'gateway',
);

export const uselessValue = fault('invalid', 'campaign.useless-value', {
  vi: 'Mẫu tin không có biến "{name}" của chiến dịch. Hãy bỏ giá trị này hoặc sửa tên.',
  en: 'The template has no campaign variable "{name}". Remove the value or correct its name.',
});
