import { Fault, fault, fillIn, type FieldFault } from '../platform/errors';

const SOURCE_INVALID = {
  vi: 'Tệp {file} có {count} lỗi; hãy sửa từng lỗi được liệt kê.',
  en: 'Faults in the file {file}: {count}; correct each one listed.',
};

/** One fault that carries everything found wrong with a file. */
export function sourceInvalid(file: string, fields: readonly FieldFault[]): Fault {
  const params = { file, count: fields.length };
  return new Fault('invalid', 'template.source-invalid', fillIn(SOURCE_INVALID, params), { fields, params });
}

export const frontMatterMissing = fault('invalid', 'template.front-matter-missing', {
  vi: 'Tệp phải mở đầu bằng phần khai báo đặt giữa hai dòng “---”, sau đó là nội dung tin.',
  en: 'The file must begin with declarations between two lines “---”, followed by the body.',
});
export const codeNotFileName = fault('invalid', 'template.code-not-file-name', {
  vi: 'Mã trong tệp phải trùng với tên tệp: {expected}.',
  en: 'The code in the file must be the name of the file: {expected}.',
});
export const periodReversed = fault('invalid', 'template.period-reversed', {
  vi: 'Ngày hết hiệu lực (validTo) không được trước ngày có hiệu lực (validFrom).',
  en: 'The last day (validTo) must not be before the first (validFrom).',
});
export const sourceUnknown = fault('invalid', 'template.variable-source-unknown', {
  vi: 'Mục {name} phải là subscriber (lấy từ thuê bao) hoặc campaign (nhập theo chiến dịch).',
  en: 'The field {name} must be subscriber or campaign.',
});
export const subscriberFieldUnknown = fault('invalid', 'template.variable-field-unknown', {
  vi: 'Mục {name} phải là một trong: {allowed}; chỉ dùng khi source là subscriber.',
  en: 'The field {name} must be one of: {allowed}; it goes with the source subscriber only.',
});
export const variableNameInvalid = fault('invalid', 'template.variable-name-invalid', {
  vi: 'Tên biến {name} không hợp lệ; chỉ dùng chữ thường không dấu, chữ số và dấu gạch dưới.',
  en: '{name} is no variable name; use lower-case ASCII letters, digits and underscores only.',
});
export const variableUndeclared = fault('invalid', 'template.variable-undeclared', {
  vi: 'Nội dung dùng biến chưa khai báo: {name}; hãy khai báo nhãn và nguồn của biến.',
  en: 'The body uses an undeclared variable: {name}; declare its label and source.',
});
export const variableUnused = fault('invalid', 'template.variable-unused', {
  vi: 'Đã khai báo {name} nhưng nội dung không dùng; hãy bỏ khai báo hoặc sửa nội dung.',
  en: '{name} is declared but the body does not use it; remove it or correct the body.',
});
export const topicRepeated = fault('invalid', 'template.topic-repeated', {
  vi: 'Chủ đề {code} xuất hiện hơn một lần; hãy bỏ dòng trùng.',
  en: 'The topic {code} appears more than once; remove the repeated item.',
});
export const legalFieldRepeated = fault('invalid', 'template.legal-field-repeated', {
  vi: 'Lĩnh vực pháp luật {code} xuất hiện hơn một lần; hãy bỏ dòng trùng.',
  en: 'The legal field {code} appears more than once; remove the repeated item.',
});
