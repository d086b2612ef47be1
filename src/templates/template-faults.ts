import { Fault, fault, type FieldFault } from '../platform/errors';

/** What is wrong with a body; every one names its place as `{line}` and `{column}`, counted from 1. */
export const bodyFaults = {
  syntax: fault('invalid', 'template.syntax', {
    vi: 'Dòng {line}, cột {column}: không hiểu cú pháp gần “{near}”; hãy kiểm tra các dấu ngoặc và khối if/unless.',
    en: 'Line {line}, column {column}: the syntax near “{near}” is not understood; check the braces and the if/unless blocks.',
  }),
  placeholderName: fault('invalid', 'template.placeholder-name', {
    vi: 'Dòng {line}, cột {column}: tên biến “{name}” không hợp lệ; chỉ dùng chữ thường không dấu, chữ số và dấu gạch dưới, ví dụ {example}.',
    en: 'Line {line}, column {column}: “{name}” is no variable name; use lower-case ASCII letters, digits and underscores only, such as {example}.',
  }),
  unescaped: fault('invalid', 'template.unescaped-placeholder', {
    vi: 'Dòng {line}, cột {column}: không dùng ba dấu ngoặc hoặc dấu & quanh “{name}”; hãy viết {example}.',
    en: 'Line {line}, column {column}: no triple braces and no & around “{name}”; write {example}.',
  }),
  helper: fault('invalid', 'template.helper-unknown', {
    vi: 'Dòng {line}, cột {column}: không có lệnh “{name}”; xem các lệnh có sẵn tại /api/v1/template-helpers.',
    en: 'Line {line}, column {column}: there is no helper “{name}”; those there are stand at /api/v1/template-helpers.',
  }),
  helperArguments: fault('invalid', 'template.helper-arguments', {
    vi: 'Dòng {line}, cột {column}: lệnh {name} viết là {usage}, với đúng một tên biến.',
    en: 'Line {line}, column {column}: the helper {name} is written {usage}, with exactly one variable name.',
  }),
  blockArgument: fault('invalid', 'template.block-argument', {
    vi: 'Dòng {line}, cột {column}: khối {name} cần đúng một tên biến và không có tham số khác.',
    en: 'Line {line}, column {column}: the block {name} takes exactly one variable name and no other argument.',
  }),
  invertedBlock: fault('invalid', 'template.inverted-block', {
    vi: 'Dòng {line}, cột {column}: không mở khối bằng dấu ^; hãy dùng if hoặc unless.',
    en: 'Line {line}, column {column}: a block is not opened with ^; use if or unless.',
  }),
  construct: fault('invalid', 'template.construct-refused', {
    vi: 'Dòng {line}, cột {column}: mẫu tin không được dùng mẫu lồng (partial), decorator hoặc khối thô.',
    en: 'Line {line}, column {column}: partials, decorators and raw blocks are not allowed in a template.',
  }),
  comment: fault('invalid', 'template.comment-refused', {
    vi: 'Dòng {line}, cột {column}: hãy bỏ chú thích; người phê duyệt phải thấy đúng những gì được gửi đi.',
    en: 'Line {line}, column {column}: remove the comment; an approver must see exactly what is sent.',
  }),
  escape: fault('invalid', 'template.escaped-placeholder', {
    vi: 'Dòng {line}, cột {column}: hãy bỏ dấu \\ trước dấu ngoặc nhọn; nó làm biến không được thay bằng giá trị.',
    en: 'Line {line}, column {column}: remove the \\ before the braces; it keeps the variable from being filled in.',
  }),
  brace: fault('invalid', 'template.stray-brace', {
    vi: 'Dòng {line}, cột {column}: dấu “{name}” đứng lẻ sẽ bị gửi nguyên văn; biến phải viết dạng {example}.',
    en: 'Line {line}, column {column}: the stray “{name}” would be sent as it is; a variable is written {example}.',
  }),
  controlCharacter: fault('invalid', 'template.control-character', {
    vi: 'Dòng {line}, cột {column}: nội dung phải nằm trên một dòng, không có ký tự điều khiển ({name}).',
    en: 'Line {line}, column {column}: the body must be one line without control characters ({name}).',
  }),
} as const;

export type BodyFaultKind = keyof typeof bodyFaults;

export const bodyEmpty = fault('invalid', 'template.body-empty', {
  vi: 'Nội dung mẫu tin đang trống; hãy nhập nội dung.',
  en: 'The body of the template is empty; enter a text.',
});
export const bodyTooLong = fault('invalid', 'template.body-too-long', {
  vi: 'Nội dung mẫu tin có {length} ký tự, vượt quá {limit}; hãy rút gọn.',
  en: 'The body of the template has {length} characters, more than {limit}; shorten it.',
});
export const valueMissing = fault('invalid', 'template.value-missing', {
  vi: 'Thiếu giá trị của biến: {names}. Hãy bổ sung giá trị, hoặc đặt biến trong khối if.',
  en: 'No value for: {names}. Supply it, or put the variable into an if block.',
});
export const valueUnfit = fault('invalid', 'template.value-unfit', {
  vi: 'Giá trị không ghi được theo dạng mẫu tin yêu cầu: {names}. Ngày viết như 23/5/2021, số viết như 1.500.000.',
  en: 'A value cannot be written as the template asks: {names}. A day is written as 23/5/2021, a number as 1.500.000.',
});
export const textTooLong = fault('invalid', 'template.text-too-long', {
  vi: 'Tin nhắn sau khi trộn có {length} ký tự, vượt quá {limit}; hãy rút gọn mẫu tin hoặc giá trị các biến.',
  en: 'The rendered text has {length} characters, more than {limit}; shorten the template or the values.',
});
export const textEmpty = fault('invalid', 'template.text-empty', {
  vi: 'Tin nhắn sau khi trộn không có nội dung; hãy kiểm tra các khối if, unless và giá trị các biến.',
  en: 'The rendered text is empty; check the if and unless blocks and the values.',
});

const BODY_INVALID = {
  vi: 'Nội dung mẫu tin chưa dùng được; hãy sửa từng lỗi được liệt kê.',
  en: 'The body of the template cannot be used; correct each fault listed.',
};

/** One fault that carries everything found wrong with a body. */
export function bodyInvalid(fields: readonly FieldFault[]): Fault {
  return new Fault('invalid', 'template.body-invalid', BODY_INVALID, { field: 'body', fields });
}

export function asFieldFault(field: string, found: Fault): FieldFault {
  return { field, code: found.code, message: found.text };
}

export const templateNotFound = fault('notFound', 'template.not-found', {
  vi: 'Không có mẫu tin {code}.',
  en: 'There is no template {code}.',
});
export const versionNotFound = fault('notFound', 'template.version-not-found', {
  vi: 'Không có bản mẫu tin số {id}.',
  en: 'There is no template version {id}.',
});
export const recipientNotFound = fault(
  'notFound',
  'template.recipient-not-found',
  { vi: 'Không có thuê bao số {id}.', en: 'There is no subscriber {id}.' },
  'subscriberId',
);
export const codeTaken = fault(
  'conflict',
  'template.code-taken',
  {
    vi: 'Đã có mẫu tin mang mã {code}. Hãy thêm bản mới cho mẫu đó hoặc chọn mã khác.',
    en: 'There is a template {code} already. Add a version to it, or choose another code.',
  },
  'code',
);
export const topicNotFound = fault(
  'invalid',
  'template.topic-not-found',
  { vi: 'Không có chủ đề này; xem danh sách tại /api/v1/topics.', en: 'There is no such topic; see /api/v1/topics.' },
  'topic',
);
export const topicArchived = fault(
  'invalid',
  'template.topic-archived',
  {
    vi: 'Chủ đề {code} đã được lưu trữ, không chọn cho mẫu mới được. Hãy chọn chủ đề khác hoặc đưa chủ đề này ra khỏi lưu trữ.',
    en: 'The topic {code} is archived and cannot be chosen for a new template. Choose another, or take it out of the archive.',
  },
  'topic',
);
export const legalFieldNotFound = fault(
  'invalid',
  'template.legal-field-not-found',
  {
    vi: 'Không có lĩnh vực pháp luật này; xem danh sách tại /api/v1/legal-fields.',
    en: 'There is no such legal field; see /api/v1/legal-fields.',
  },
  'legalField',
);
export const legalFieldArchived = fault(
  'invalid',
  'template.legal-field-archived',
  {
    vi: 'Lĩnh vực pháp luật {code} đã được lưu trữ, không chọn cho mẫu mới được. Hãy chọn lĩnh vực khác hoặc đưa lĩnh vực này ra khỏi lưu trữ.',
    en: 'The legal field {code} is archived and cannot be chosen for a new template. Choose another, or take it out of the archive.',
  },
  'legalField',
);
export const templateArchived = fault('conflict', 'template.archived', {
  vi: 'Mẫu tin {code} đã được lưu trữ. Muốn thêm bản mới hoặc dùng lại, hãy đưa mẫu ra khỏi lưu trữ.',
  en: 'The template {code} is archived. To add a version or use it again, take it out of the archive.',
});
export const templateNotArchived = fault('conflict', 'template.not-archived', {
  vi: 'Mẫu tin {code} không nằm trong lưu trữ.',
  en: 'The template {code} is not archived.',
});
export const noSuchVersion = fault('notFound', 'template.no-such-version', {
  vi: 'Mẫu tin {code} không có bản số {version}.',
  en: 'The template {code} has no version {version}.',
});
export const noSuchTopic = fault('notFound', 'topic.not-found', {
  vi: 'Không có chủ đề {code}.',
  en: 'There is no topic {code}.',
});
export const topicCodeTaken = fault(
  'conflict',
  'topic.code-taken',
  {
    vi: 'Đã có chủ đề mang mã {code}, có thể đang được lưu trữ. Hãy chọn mã khác.',
    en: 'There is a topic {code} already, perhaps an archived one. Choose another code.',
  },
  'code',
);
export const noSuchLegalField = fault('notFound', 'legal-field.not-found', {
  vi: 'Không có lĩnh vực pháp luật {code}.',
  en: 'There is no legal field {code}.',
});
export const legalFieldCodeTaken = fault(
  'conflict',
  'legal-field.code-taken',
  {
    vi: 'Đã có lĩnh vực pháp luật mang mã {code}, có thể đang được lưu trữ. Hãy chọn mã khác.',
    en: 'There is a legal field {code} already, perhaps an archived one. Choose another code.',
  },
  'code',
);
export const valueNotText = fault('invalid', 'template.value-not-text', {
  vi: 'Giá trị của biến phải là chữ, dài không quá {limit} ký tự; số thì đặt trong dấu nháy.',
  en: 'The value of a variable must be text of at most {limit} characters; put a number into quotes.',
});

const VERSION_INVALID = {
  vi: 'Bản mẫu tin này chưa dùng được; hãy sửa từng lỗi được liệt kê.',
  en: 'This template version cannot be used; correct each fault listed.',
};

/** One fault that carries everything found wrong with a version. */
export function versionInvalid(fields: readonly FieldFault[]): Fault {
  return new Fault('invalid', 'template.version-invalid', VERSION_INVALID, { field: fields[0]?.field, fields });
}
