import { fault } from '../../platform/errors';

export const areaNotFound = fault('notFound', 'area.not-found', {
  vi: 'Không có địa bàn {id}.',
  en: 'There is no area {id}.',
});

export const aliasTaken = fault(
  'conflict',
  'area-alias.taken',
  {
    vi: 'Tên gọi này đã được ghi cho địa bàn {id}. Hãy xóa ở đó trước khi ghi cho địa bàn khác.',
    en: 'This name is recorded for area {id} already. Delete it there before it is recorded for another.',
  },
  'alias',
);

export const aliasNotFound = fault('notFound', 'area-alias.not-found', {
  vi: 'Địa bàn {id} không có tên gọi này.',
  en: 'Area {id} has no such alias.',
});

export const aliasEmpty = fault(
  'invalid',
  'area-alias.empty',
  {
    vi: 'Tên gọi phải có ít nhất một chữ cái hoặc chữ số.',
    en: 'An alias has at least one letter or digit.',
  },
  'alias',
);

export const notADay = fault('invalid', 'area.not-a-day', {
  vi: 'Không có ngày này. Ghi năm-tháng-ngày, như 2021-05-23.',
  en: 'There is no such day. Write year-month-day, as 2021-05-23.',
});
