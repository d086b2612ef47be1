import { fault } from '../platform/errors';

export const notADay = fault('invalid', 'statistics.not-a-day', {
  vi: 'Ngày này không có thật hoặc viết sai. Hãy viết năm-tháng-ngày, như 2021-05-23.',
  en: 'There is no such day, or it is written in another way. Write year-month-day, as 2021-05-23.',
});

export const periodReversed = fault('invalid', 'statistics.period-reversed', {
  vi: 'Kỳ báo cáo bị ngược: ngày đầu ({from}) sau ngày cuối ({to}). Hãy đổi lại hai ngày.',
  en: 'The period runs backwards: its first day ({from}) is after its last ({to}). Exchange the two.',
});

export const unknownTopic = fault(
  'invalid',
  'statistics.unknown-topic',
  {
    vi: 'Không có chủ đề "{topic}". Các chủ đề hiện có: {known}.',
    en: 'There is no topic "{topic}". The topics are: {known}.',
  },
  'topic',
);

export const unknownCampaign = fault(
  'invalid',
  'statistics.unknown-campaign',
  {
    vi: 'Không có chiến dịch số {id}. Xem mã chiến dịch tại /api/v1/campaigns.',
    en: 'There is no campaign {id}. See /api/v1/campaigns for their ids.',
  },
  'campaignId',
);

export const unknownArea = fault(
  'invalid',
  'statistics.unknown-area',
  {
    vi: 'Không có địa bàn số {id}. Xem mã địa bàn tại /api/v1/areas; 0 là thuê bao chưa rõ địa bàn.',
    en: 'There is no area {id}. See /api/v1/areas for their ids; 0 stands for subscribers without an area.',
  },
  'areaId',
);
