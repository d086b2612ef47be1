import { fault } from '../platform/errors';
import type { AppRequest } from '../platform/http/actor';

export const crossOriginRequest = fault('forbidden', 'access.cross-origin', {
  vi: 'Yêu cầu này do một trang web khác gửi đi nên bị từ chối. Hãy thao tác ngay trong TinLuat.',
  en: 'Another web site sent this request, so it is refused. Do this inside TinLuat itself.',
});

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

interface RequestFacts {
  readonly method: string;
  readonly secFetchSite?: string;
  readonly origin?: string;
  readonly host?: string;
}

/**
 * Whether another site made the browser send this. Browsers say so by Sec-Fetch-Site, and where they leave it out (plain
 * http) by Origin, which they send with every unsafe method. A request with neither is no browser's, so nobody was
 * tricked into it. This stands behind SameSite=Strict, which other hosts of the same domain get past.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isCrossOrigin({ method, secFetchSite, origin, host }: RequestFacts, publicUrl?: string): boolean {
  if (SAFE_METHODS.has(method)) return false;
  if (secFetchSite !== undefined) return secFetchSite !== 'same-origin' && secFetchSite !== 'none';
  if (origin === undefined) return false;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** @throws crossOriginRequest */
export function refuseCrossOrigin({ method, headers }: AppRequest, publicUrl?: string): void {
  const secFetchSite = headers['sec-fetch-site'];
  const facts = { method, origin: headers.origin, host: headers.host };
  const site = typeof secFetchSite === 'string' ? { secFetchSite } : {};
  if (isCrossOrigin({ ...facts, ...site }, publicUrl)) throw crossOriginRequest();
}
