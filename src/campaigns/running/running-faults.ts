import { fault } from '../../platform/errors';

export const linkedNotCloned = fault('conflict', 'campaign.linked-not-cloned', {
  vi: 'Chiến dịch gửi lại hoặc đính chính chỉ dành cho người nhận của chiến dịch {originId}. Hãy sao chép chiến dịch {originId}.',
  en: 'A resend or correction is for those whom campaign {originId} was for. Clone campaign {originId}.',
});

export const originNotEnded = fault('conflict', 'campaign.origin-not-ended', {
  vi: 'Chỉ gửi lại các tin thất bại khi chiến dịch {id} đã hoàn thành hoặc đã hủy. Hãy chờ chiến dịch kết thúc.',
  en: 'What failed is sent again only when campaign {id} is completed or cancelled. Wait until it has ended.',
});

export const nothingFailed = fault('conflict', 'campaign.nothing-failed', {
  vi:
    'Chiến dịch {id} không có tin thất bại nào để gửi lại. Tin chưa rõ kết quả thì không gửi lại, vì người dân có thể ' +
    'đã nhận được.',
  en: 'Campaign {id} has no failed text to send again. What is unknown is not sent again, for it may have arrived.',
});

export const resendExists = fault('conflict', 'campaign.resend-exists', {
  vi:
    'Chiến dịch {id} đã có chiến dịch gửi lại số {resendId}. Nếu chưa gửi thì hãy dùng hoặc hủy chiến dịch đó; nếu đã ' +
    'gửi thì hãy gửi lại các tin thất bại của chính nó, để không ai nhận hai lần.',
  en:
    'Campaign {id} already has the resend {resendId}. Use or cancel that one while it has not been sent; afterwards ' +
    'send its own failed texts again, so that nobody gets two.',
});

export const nothingReached = fault('conflict', 'campaign.nothing-reached', {
  vi: 'Chiến dịch {id} chưa gửi tin đến ai nên không có gì để đính chính. Hãy sửa hoặc hủy chiến dịch đó.',
  en: 'Campaign {id} has reached nobody, so there is nothing to correct. Edit or cancel that campaign.',
});

export const notSubmitted = fault('conflict', 'campaign.not-submitted', {
  vi: 'Chiến dịch {id} chưa được trình duyệt nên chưa có số tin để dự báo. Hãy trình chiến dịch trước.',
  en: 'Campaign {id} has not been submitted, so there are no texts to make a forecast of. Submit it first.',
});

export const tooManyStreams = fault('unavailable', 'progress.too-many', {
  vi: 'Có quá nhiều người đang theo dõi tiến độ trên máy chủ này. Hãy thử lại sau một phút, hoặc tải lại trang chiến dịch.',
  en: 'Too many people are following progress on this server. Try again in a minute, or reload the campaign’s page.',
});

export const tooManyOfYours = fault('limited', 'progress.too-many-of-yours', {
  vi: 'Tài khoản của bạn đang mở {most} trang theo dõi tiến độ, là mức nhiều nhất. Hãy đóng bớt các trang không dùng rồi thử lại.',
  en: 'Your account follows progress on {most} pages already, which is the most there may be. Close some and try again.',
});

export const serviceStopping = fault('unavailable', 'progress.stopping', {
  vi: 'Dịch vụ đang dừng. Hãy thử lại sau ít phút.',
  en: 'The service is stopping. Try again in a few minutes.',
});
