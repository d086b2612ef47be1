import { ArgumentsHost, Catch, ExceptionFilter, HttpException } from '@nestjs/common';
import type { Response } from 'express';
import { Fault, FaultKind, fault, Language } from '../errors';
import { isConnectionLost } from '../database/connection-lost';
import type { Log } from '../observability/log';
import type { AppRequest } from './actor';
import { preferredLanguage } from './language';

/** The one place where kinds of fault become HTTP statuses. */
const STATUS: Readonly<Record<FaultKind, number>> = {
  unreadable: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  limited: 429,
  unavailable: 503,
};

/** RFC 9457 problem details, with our stable `code` and the faults of each field. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  requestId: string;
  field?: string;
  params?: Record<string, string | number>;
  errors?: { field: string; code: string; detail: string }[];
}

const TITLES: Readonly<Record<number, Record<Language, string>>> = {
  400: { vi: 'Không đọc được yêu cầu', en: 'The request cannot be read' },
  401: { vi: 'Chưa đăng nhập', en: 'Not signed in' },
  403: { vi: 'Không được phép', en: 'Not permitted' },
  404: { vi: 'Không tìm thấy', en: 'Not found' },
  409: { vi: 'Trái với tình trạng hiện tại', en: 'In conflict with the present state' },
  413: { vi: 'Quá lớn', en: 'Too large' },
  422: { vi: 'Dữ liệu không hợp lệ', en: 'A rule is broken' },
  429: { vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  500: { vi: 'Lỗi của hệ thống', en: 'Our fault' },
  503: { vi: 'Tạm thời không phục vụ được', en: 'Not available for the moment' },
};

const unreadableRequest = fault('unreadable', 'request.unreadable', {
  vi: 'Không đọc được yêu cầu: nội dung phải đúng định dạng JSON (hoặc biểu mẫu tải tệp).',
  en: 'The request cannot be read: its body must be well-formed JSON (or a file upload form).',
});
const noSuchRoute = fault('notFound', 'request.no-such-route', {
  vi: 'Không có địa chỉ này. Xem tài liệu tại /api/docs.',
  en: 'There is no such address. See /api/docs.',
});
const requestTooLarge = fault('tooLarge', 'request.too-large', {
  vi: 'Dữ liệu gửi lên lớn hơn mức cho phép. Hãy chia nhỏ tệp rồi gửi lại.',
  en: 'What was sent is larger than allowed. Split the file and send it again.',
});
const uploadUnreadable = fault('unreadable', 'upload.unreadable', {
  vi: 'Không đọc được biểu mẫu tải tệp: gửi đúng một tệp trong trường "file".',
  en: 'The upload form cannot be read: send exactly one file in the field "file".',
});
const tooManyRequests = fault('limited', 'request.too-many', {
  vi: 'Có quá nhiều yêu cầu trong thời gian ngắn. Hãy chờ một phút rồi thử lại.',
  en: 'Too many requests in a short time. Wait a minute and try again.',
});

const storageFull = fault('unavailable', 'storage.full', {
  vi: 'Máy chủ hết chỗ trên đĩa nên chưa làm được việc này; không có gì bị mất. Hãy báo người quản trị máy chủ.',
  en: 'The server’s disk is full, and this could not be done; nothing is lost. Tell the administrator of the server.',
});
const databaseAway = fault('unavailable', 'database.away', {
  vi: 'Cơ sở dữ liệu đang tạm ngắt nên chưa biết việc này đã xong chưa. Hãy chờ ít giây, xem lại rồi mới làm lại.',
  en: 'The database is away for the moment, so it is not known whether this was done. Wait a few seconds, look, then repeat it.',
});
/** Of the file system, and of PostgreSQL (appendix A: disk_full). */
const DISK_FULL = new Set(['ENOSPC', '53100']);

/** Faults that Nest, Express and Multer raise themselves, as faults of ours; undefined for a bug. */
function fromFramework(error: unknown): Fault | undefined {
  const { code, type, name } = error as { code?: string; type?: string; name?: string };
  if (code !== undefined && DISK_FULL.has(code)) return storageFull({}, { retryAfterSeconds: 60 });
  if (isConnectionLost(error as Error)) return databaseAway({}, { retryAfterSeconds: 5 });
  if (code === 'LIMIT_FILE_SIZE' || type === 'entity.too.large') return requestTooLarge();
  if (name === 'MulterError') return uploadUnreadable();
  if (type === 'entity.parse.failed' || type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return unreadableRequest();
  }
  if (!(error instanceof HttpException)) return undefined;
  const status = error.getStatus();
  if (status === 404) return noSuchRoute();
  if (status === 413) return requestTooLarge();
  if (status === 429) return tooManyRequests({}, { retryAfterSeconds: 60 });
  if (status >= 400 && status < 500) {
    return error.message.includes('file') || error.message.includes('field') || error.message.includes('Multipart')
      ? uploadUnreadable()
      : unreadableRequest();
  }
  return undefined;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<AppRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const known = error instanceof Fault ? error : fromFramework(error);
    if (!known) this.log.error({ err: error, requestId: request.requestId }, 'a request failed because of a bug');
    if (known?.code === storageFull.code) this.log.error({ requestId: request.requestId }, 'the disk is full');
    if (known?.code === databaseAway.code) this.log.warn({ err: error, requestId: request.requestId }, 'no database');
    if (response.headersSent) {
      // A streamed download broke half-way: cutting the connection is the only honest signal left.
      response.destroy();
      return;
    }
    const language = request.language ?? preferredLanguage(request.headers['accept-language']);
    const problem = known ? describe(known, language) : ourFault(language);
    if (known?.details.retryAfterSeconds) response.setHeader('Retry-After', String(known.details.retryAfterSeconds));
    response
      .status(problem.status)
      .setHeader('Content-Language', language)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem, requestId: request.requestId }));
  }
}

function describe({ kind, code, text, details }: Fault, language: Language): Omit<Problem, 'requestId'> {
  const status = STATUS[kind];
  const hasParams = details.params && Object.keys(details.params).length > 0;
  return {
    type: `urn:tinluat:problem:${code}`,
    title: TITLES[status]![language],
    status,
    detail: text[language],
    code,
    ...(details.field ? { field: details.field } : {}),
    ...(hasParams ? { params: { ...details.params } } : {}),
    ...(details.fields
      ? { errors: details.fields.map(({ field, code, message }) => ({ field, code, detail: message[language] })) }
      : {}),
  };
}

function ourFault(language: Language): Omit<Problem, 'requestId'> {
  return {
    type: 'urn:tinluat:problem:internal',
    title: TITLES[500]![language],
    status: 500,
    detail: {
      vi: 'Hệ thống gặp lỗi và đã ghi lại. Hãy báo mã yêu cầu (requestId) cho người quản trị.',
      en: 'Something of ours failed and was recorded. Tell the administrator the request id.',
    }[language],
    code: 'internal',
  };
}
