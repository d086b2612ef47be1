import type { FieldFault } from '../platform/errors';

/** Faults in a gateway's options: by name and never by value, for some are secrets. */
export function optionFault(field: string, vi: string, en: string): FieldFault {
  return { field, code: 'gateway.bad-option', message: { vi: `${field}: ${vi}`, en: `${field}: ${en}` } };
}

/** @returns a fault unless `value` is an absolute http(s) address without credentials, query or fragment. */
export function addressFaults(field: string, value: string): FieldFault[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) return [];
  return [
    optionFault(
      field,
      'phải là địa chỉ http hoặc https đầy đủ, không có mật khẩu, tham số truy vấn hay phần sau dấu #.',
      'must be a whole http or https address without credentials, query or fragment.',
    ),
  ];
}

/** Credentials and phone numbers cross a network in clear text only within this machine. */
export function clearTextFaults(field: string, value: string): FieldFault[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'http:' || ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return [];
  return [
    optionFault(
      field,
      'phải dùng https, trừ khi ở ngay trên máy này.',
      'must use https, unless it is on this machine.',
    ),
  ];
}

export function limitFaults(prefix: string, limits: { sockets?: number; timeoutMs?: number }): FieldFault[] {
  return Object.entries({ sockets: limits.sockets, timeoutMs: limits.timeoutMs })
    .filter(([, value]) => value !== undefined && (!Number.isInteger(value) || value < 1))
    .map(([name]) => optionFault(`${prefix}.${name}`, 'phải là số nguyên dương.', 'must be a positive whole number.'));
}
