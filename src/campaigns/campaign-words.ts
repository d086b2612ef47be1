import type { CampaignAct, CampaignState } from './lifecycle';

/** States and acts as civil servants say them. */
export const STATE_WORDS: Readonly<Record<CampaignState, string>> = {
  draft: 'bản nháp',
  submitted: 'chờ phê duyệt',
  scheduled: 'đã phê duyệt, chờ giờ gửi',
  sending: 'đang gửi',
  paused: 'tạm dừng',
  completed: 'hoàn thành',
  cancelled: 'đã hủy',
};

export const ACT_WORDS: Readonly<Record<CampaignAct, string>> = {
  edit: 'sửa',
  submit: 'trình duyệt',
  approve: 'phê duyệt',
  reject: 'từ chối',
  pause: 'tạm dừng',
  resume: 'tiếp tục',
  cancel: 'hủy',
  start: 'bắt đầu gửi',
  hold: 'giữ lại',
  skip: 'bỏ qua',
  halt: 'tự dừng',
  complete: 'kết thúc',
};
