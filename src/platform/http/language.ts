import type { Language } from '../errors';

/**
 * The language of an answer, from Accept-Language (RFC 9110 §12.5.4): Vietnamese unless English is wanted more.
 */
export function preferredLanguage(header: string | undefined): Language {
  const wishes = (header ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
    return { language: range.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
  });
  const quality = (language: Language): number =>
    Math.max(0, ...wishes.filter((wish) => wish.language === language).map((wish) => wish.quality));
  return quality('en') > quality('vi') ? 'en' : 'vi';
}
