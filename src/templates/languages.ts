/** Languages a notice can have a variant in beside Vietnamese: Khmer and Chăm, by their codes in ISO 639. */
export const LANGUAGES = ['km', 'cja'] as const;
export type Language = (typeof LANGUAGES)[number];
