/**
 * Reads a Retry-After header (RFC 9110 §10.2.3): whole seconds or an HTTP date.
 *
 * @returns milliseconds from `nowMs`, never negative; undefined when there is no header or it says nothing readable.
 */
export function parseRetryAfter(value: string | string[] | undefined, nowMs: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
