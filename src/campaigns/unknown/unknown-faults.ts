import { fault } from '../../platform/errors';

export const nothingUnknown = fault('conflict', 'unknown.nothing-open', {
  vi: 'Không còn tin nào trong số này chưa rõ kết quả: đã có báo cáo hoặc người khác vừa xử lý. Hãy tải lại danh sách.',
  en: 'None of these texts is unknown any more: a report came in or somebody has just settled them. Reload the list.',
});

export const tooSoon = fault('conflict', 'unknown.too-soon', {
  vi: 'Tin có thể vẫn đang trên đường đi, nên chưa được coi là chưa gửi. Chỉ được chọn việc này từ {from}.',
  en: 'The text may still be on its way, so it cannot be taken for unsent yet. This can be chosen from {from} on.',
});

export const campaignOver = fault('conflict', 'unknown.campaign-over', {
  vi:
    'Chiến dịch (hoặc lần gửi thử) đã kết thúc nên không gửi thêm tin nào nữa. Nếu chắc chắn tin chưa đến, hãy chọn "failed", ' +
    'rồi gửi thử lần nữa, hoặc lập chiến dịch gửi lại các tin thất bại; chiến dịch đó được phê duyệt riêng.',
  en:
    'The campaign (or test send) is over and sends nothing more. If you are sure that the text has not arrived, settle it as ' +
    '"failed" and make another test send, or a campaign that sends the failed ones again, which needs an approval of its own.',
});

export const deadlinePassed = fault('conflict', 'unknown.deadline-passed', {
  vi: 'Đã quá hạn gửi của chiến dịch nên tin không thể gửi lại. Nếu chắc chắn tin chưa đến, hãy chọn "failed".',
  en: 'The deadline of the campaign has passed, so the text cannot be sent again. If it has not arrived, settle it as "failed".',
});

export const textErased = fault('conflict', 'unknown.erased', {
  vi: 'Số điện thoại và nội dung của tin đã được xóa nên không thể gửi lại. Hãy chọn "accepted" hoặc "failed".',
  en: 'Number and text have been erased, so it cannot be sent again. Settle it as "accepted" or "failed".',
});

export const nameTextsOrCampaign = fault(
  'invalid',
  'unknown.name-texts-or-campaign',
  {
    vi: 'Hãy chọn các tin (texts) hoặc cả chiến dịch (campaignId), một trong hai.',
    en: 'Name either the texts (texts) or the whole campaign (campaignId).',
  },
  'texts',
);
