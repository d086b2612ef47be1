/** How a person says that a citizen asked. */
export const OPT_OUT_SOURCES = ['phone-call', 'letter', 'in-person', 'sms', 'operator', 'other'] as const;

/** Beside those: a file of opt-outs, and a citizen's request about his data. */
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number] | 'file' | 'request';

/** How a citizen agreed to get texts again. */
export const CONSENT_KINDS = ['written', 'in-person', 'electronic'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];
