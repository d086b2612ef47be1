import { fault } from '../platform/errors';

export const campaignNotFound = fault('notFound', 'campaign.not-found', {
  vi: 'Không có chiến dịch {id}.',
  en: 'There is no campaign {id}.',
});

export const actNotAllowed = fault('conflict', 'campaign.act-not-allowed', {
  vi: 'Chiến dịch đang ở trạng thái "{stateVi}" nên không {actVi} được. Hãy tải lại để xem trạng thái mới và việc làm được (allowedActs).',
  en: 'The campaign is in the state "{state}", which does not allow "{act}". Reload to see its present state and what it allows (allowedActs).',
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
      'Không có thuê bao nào nhận tin: danh sách trống hoặc bị loại trừ hết, địa bàn không khớp, mọi người đã từ chối nhận ' +
      'tin hoặc vừa nhận tin cùng chủ đề, hoặc các số cần xác minh. Hãy xem mục audience của bản xem trước để biết vì sao.',
    en:
      'Nobody would get this text: the lists are empty or all excluded, no area fits, everybody has opted out or got a text ' +
      'on the topic lately, or all numbers must be verified. See which in the audience of the preview.',
  },
  'listIds',
);

export const startTimeUnreadable = fault(
  'invalid',
  'campaign.start-time-unreadable',
  {
    vi: 'Phải là ngày giờ có thật theo giờ Việt Nam, dạng 2021-05-20T08:00.',
    en: 'Must be a date and time that exist, in Vietnam time, as 2021-05-20T08:00.',
  },
  'startsAt',
);

export const unknownReference = fault('invalid', 'campaign.unknown-reference', {
  vi: 'Trường này chỉ đến mục số {id}, nhưng không có mục đó. Hãy chọn lại.',
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

export const gatewayTwice = fault('invalid', 'campaign.gateway-twice', {
  vi: 'Cổng nhắn tin {gateway} có hai lần. Mỗi cổng chỉ ghi một lần: ở trường gateway hoặc trong alternatives.',
  en: 'The gateway {gateway} comes twice. Name each gateway once: as the gateway, or among the alternatives.',
});

export const uselessValue = fault('invalid', 'campaign.useless-value', {
  vi: 'Mẫu tin không có biến "{name}" của chiến dịch. Hãy bỏ giá trị này hoặc sửa tên.',
  en: 'The template has no campaign variable "{name}". Remove the value or correct its name.',
});

export const deadlineBeforeStart = fault(
  'invalid',
  'campaign.deadline-before-start',
  {
    vi: 'Hạn chót phải sau giờ bắt đầu gửi. Hãy sửa một trong hai.',
    en: 'The deadline must be later than the start. Correct one of them.',
  },
  'deadline',
);

export const deadlinePassed = fault(
  'invalid',
  'campaign.deadline-passed',
  {
    vi: 'Hạn chót đã qua nên sẽ không có tin nào được gửi. Hãy lùi hạn chót hoặc bỏ hạn chót.',
    en: 'The deadline is over, so that no text would be sent. Move it or remove it.',
  },
  'deadline',
);

export const listBothWays = fault(
  'invalid',
  'campaign.list-both-ways',
  {
    vi: 'Danh sách {id} vừa được chọn vừa bị loại trừ. Hãy bỏ ở một trong hai chỗ.',
    en: 'The list {id} is both chosen and excluded. Remove it from one of the two.',
  },
  'exceptListIds',
);

export const areaValuesOverlap = fault('invalid', 'campaign.area-values-overlap', {
  vi: 'Địa bàn {id} có hai giá trị khác nhau (tính cả địa bàn cũ đã nhập vào). Hãy để mỗi địa bàn ở một chỗ.',
  en: 'The area {id} would get two values (areas it was made of count with it). Name each area once.',
});

export const firstWaveUnclear = fault(
  'invalid',
  'campaign.first-wave-unclear',
  {
    vi: 'Đợt gửi đầu tính bằng số người nhận (recipients) hoặc bằng phần trăm (percent). Hãy ghi đúng một trong hai.',
    en: 'A first wave is so many recipients or so many percent. Give one of the two, not both and not none.',
  },
  'schedule.firstWave',
);

export const audienceIsLinked = fault(
  'invalid',
  'campaign.audience-is-linked',
  {
    vi: 'Người nhận của chiến dịch gửi lại hoặc đính chính do chiến dịch gốc quyết định. Hãy bỏ listIds, exceptListIds, areaIds.',
    en: 'Whom a resend or correction goes to is decided by its origin. Remove listIds, exceptListIds and areaIds.',
  },
  'listIds',
);

export const originStillRunning = fault('conflict', 'campaign.origin-still-running', {
  vi: 'Chiến dịch gốc {id} chưa kết thúc nên chưa biết đủ ai đã nhận. Hãy hủy hoặc chờ nó hoàn thành rồi trình lại.',
  en: 'The campaign {id} it follows has not ended, so it is not known yet whom it reached. Cancel it or let it complete, then submit.',
});

export const documentMissing = fault(
  'invalid',
  'campaign.document-missing',
  {
    vi: 'Chưa có văn bản chỉ đạo kèm bản chụp. Hãy tải lên tại /api/v1/official-documents rồi gắn vào chiến dịch.',
    en: 'There is no official document behind it yet. Upload it at /api/v1/official-documents and name it in the campaign.',
  },
  'documentId',
);

export const testSendMissing = fault('conflict', 'campaign.test-send-missing', {
  vi: 'Nội dung này chưa được gửi thử. Hãy gửi thử tới số của cán bộ (test-sends), xem tin trên máy rồi trình.',
  en: 'This text has not been tried. Send it to staff first (test-sends), read it on a phone, then submit.',
});

export const testSendNotAccepted = fault('conflict', 'campaign.test-send-not-accepted', {
  vi: 'Tin gửi thử chưa được cổng nhắn tin tiếp nhận ({state}). Nếu đang chờ (waiting), hãy chờ kết quả; nếu thất bại (failed) hoặc chưa rõ kết quả (unknown), hãy gửi thử lại rồi trình.',
  en: 'The test send has not been accepted by the gateway ({state}). While it is waiting, wait for its outcome; if it failed or is unknown, make another test send, then submit.',
});

export const templateArchived = fault(
  'invalid',
  'campaign.template-archived',
  {
    vi: 'Mẫu tin này đã lưu trữ. Hãy chọn mẫu khác hoặc đưa mẫu ra khỏi lưu trữ.',
    en: 'This template is archived. Choose another one or take it out of the archive.',
  },
  'templateVersionId',
);

export const templateExpired = fault(
  'invalid',
  'campaign.template-expired',
  {
    vi:
      'Mẫu tin nêu quy định có hiệu lực {validity}, không phải vào ngày gửi {day}. Hãy dùng bản mẫu mới, hoặc ghi lý do ' +
      'vào overrides.expiredTemplate.',
    en:
      'The template states the law as it is {validity}, not on the day of sending, {day}. Use a newer version, or give ' +
      'the reason in overrides.expiredTemplate.',
  },
  'templateVersionId',
);

export const senderRefused = fault(
  'invalid',
  'campaign.sender-refused',
  {
    vi: 'Cổng nhắn tin {gateway} không nhận tên định danh này. Hãy dùng tên đã đăng ký.',
    en: 'The gateway {gateway} does not take this sender ID. Use one that is registered.',
  },
  'sender',
);

export const neverOpens = fault(
  'invalid',
  'campaign.never-opens',
  {
    vi: 'Từ giờ bắt đầu đến hạn chót không có lúc nào được phép gửi. Hãy đổi khung giờ gửi, hạn chót, hoặc ghi lý do vào overrides.urgent.',
    en: 'From its start to its deadline there is no time at which it may be sent. Change window or deadline, or give the reason in overrides.urgent.',
  },
  'schedule.window',
);

export const previewBusy = fault('limited', 'campaign.preview-busy', {
  vi: 'Đang dựng bản xem trước của chiến dịch khác. Hãy thử lại sau vài giây.',
  en: 'Other campaigns are being previewed. Try again in some seconds.',
});

export const recipientNotInRegister = fault(
  'notFound',
  'campaign.recipient-not-found',
  { vi: 'Không có thuê bao mang mã {id}.', en: 'There is no subscriber {id}.' },
  'subscriberId',
);

export const previewSearchEmpty = fault(
  'invalid',
  'campaign.preview-search-empty',
  {
    vi: 'Hãy cho biết tên (name) hoặc mã thuê bao (subscriberId) của người muốn xem tin.',
    en: 'Name somebody: by name, or by subscriberId.',
  },
  'name',
);

export const windowNeedsReason = fault(
  'invalid',
  'campaign.window-needs-reason',
  {
    vi:
      'Khung giờ gửi rộng hơn {from}–{to} hoặc gồm cả ngày lễ: hãy ghi lý do vào overrides.window để người phê duyệt xem, ' +
      'hoặc thu hẹp khung giờ.',
    en:
      'The sending window is wider than {from} to {to}, or holds on public holidays: give the reason in overrides.window ' +
      'for the approver to see, or make it narrower.',
  },
  'schedule.window',
);

export const campaignBusy = fault('unavailable', 'campaign.busy', {
  vi: 'Chiến dịch này (hoặc một chiến dịch cùng chủ đề) đang được trình duyệt hoặc kiểm tra. Hãy thử lại sau ít giây.',
  en: 'This campaign, or another one on its topic, is being submitted or checked. Try again in some seconds.',
});
