import { fault } from '../platform/errors';

export const listNotFound = fault('notFound', 'list.not-found', {
  vi: 'Không có danh sách thuê bao {id}.',
  en: 'There is no subscriber list {id}.',
});

export const listNameTaken = fault(
  'conflict',
  'list.name-taken',
  {
    vi: 'Đã có danh sách mang tên này. Hãy chọn tên khác.',
    en: 'There is a list of this name already. Choose another.',
  },
  'name',
);

export const uploadMissing = fault(
  'invalid',
  'upload.missing',
  {
    vi: 'Chưa có tệp. Gửi tệp Excel hoặc CSV trong trường "file".',
    en: 'No file. Send an Excel or CSV file in the field "file".',
  },
  'file',
);
