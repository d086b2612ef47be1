import type { Config } from './platform/config';
import { Fault, fault } from './platform/errors';

const portTaken = fault('conflict', 'start.port-taken', {
  vi: 'Cổng {port} tại {host} đã có chương trình khác dùng (có thể là một bản TinLuat đang chạy). Hãy dừng chương trình đó, hoặc đặt PORT khác.',
  en: 'Port {port} at {host} is taken by another program, perhaps another TinLuat. Stop that one, or set another PORT.',
});
const portForbidden = fault('forbidden', 'start.port-forbidden', {
  vi: 'Tài khoản này không được mở cổng {port}. Hãy đặt PORT từ 1024 trở lên.',
  en: 'This account may not open port {port}. Set a PORT of 1024 or more.',
});
const addressNotHere = fault('invalid', 'start.address-not-here', {
  vi: 'Máy này không có địa chỉ {host}. Hãy kiểm tra HOST.',
  en: 'This machine does not have the address {host}. Check HOST.',
});
const unreachable = fault('unavailable', 'start.unreachable', {
  vi: 'Không kết nối được tới {address}. Máy chủ đó có đang chạy không? Hãy kiểm tra DATABASE_URL, DATABASE_DIRECT_URL và SIMULATOR_URL.',
  en: 'There is no connection to {address}. Is that server running? Check DATABASE_URL, DATABASE_DIRECT_URL and SIMULATOR_URL.',
});
const databaseRefuses = fault('forbidden', 'start.database-refuses', {
  vi: 'PostgreSQL từ chối đăng nhập. Hãy kiểm tra tên và mật khẩu trong DATABASE_URL, và tệp pg_hba.conf của máy chủ.',
  en: 'PostgreSQL refuses the login. Check the name and the password in DATABASE_URL, and pg_hba.conf of the server.',
});
const databaseMissing = fault('notFound', 'start.database-missing', {
  vi: 'Máy chủ PostgreSQL không có cơ sở dữ liệu ghi trong DATABASE_URL. Hãy tạo bằng createdb --encoding UTF8.',
  en: 'The PostgreSQL server has no such database as DATABASE_URL names. Make it with createdb --encoding UTF8.',
});
const poolerUnknown = fault('invalid', 'start.pooler-unknown', {
  vi: 'DATABASE_URL đi qua một bộ gộp kết nối (PgBouncer). Hãy đặt thêm DATABASE_DIRECT_URL là địa chỉ của chính máy chủ PostgreSQL.',
  en: 'DATABASE_URL leads through a pooler (PgBouncer). Set DATABASE_DIRECT_URL too, to the address of the PostgreSQL server itself.',
});
const folderUnusable = fault('unavailable', 'start.folder-unusable', {
  vi: 'Không dùng được {path} ({code}). Hãy kiểm tra DATA_DIR: phải là thư mục mà tài khoản này ghi được, còn chỗ trống.',
  en: '{path} cannot be used ({code}). Check DATA_DIR: a folder this account can write to, with room left.',
});

const FOLDER_CODES = ['EACCES', 'EEXIST', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'];
const CONNECTION_CODES = ['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'ETIMEDOUT'];

interface SystemError {
  readonly code?: string;
  readonly syscall?: string;
  readonly message?: string;
  readonly path?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

/**
 * What stopped the start and what to do about it, where the machine or the settings are to blame; undefined for a bug.
 * The codes are those of Node's system errors and of PostgreSQL (Appendix A of its manual). Names no user or password.
 */
export function startFault(
  error: unknown,
  { HOST: host, PORT: port }: Pick<Config, 'HOST' | 'PORT'>,
): Fault | undefined {
  if (error instanceof Fault) return error;
  const { code = '', syscall, path, message = '', ...target } = (error ?? {}) as SystemError;
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    if (code === 'EADDRINUSE') return portTaken({ host, port });
    if (code === 'EACCES') return portForbidden({ port });
    if (code === 'EADDRNOTAVAIL' || (code === 'ENOTFOUND' && target.hostname === host)) return addressNotHere({ host });
  }
  if (CONNECTION_CODES.includes(code)) {
    const where = target.address ?? target.hostname ?? '?';
    return unreachable({ address: target.port === undefined ? where : `${where}:${target.port}` });
  }
  if (code === '28P01' || code === '28000') return databaseRefuses();
  if (code === '3D000') return databaseMissing();
  // Poolers take no settings of a session: the next one to get the connection would have them too.
  if (code === '08P01' && message.includes('startup parameter')) return poolerUnknown();
  if (path !== undefined && FOLDER_CODES.includes(code)) return folderUnusable({ path, code });
  return undefined;
}
