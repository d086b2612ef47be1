/** What a citizen may ask about his data (Law 91/2025/QH15, Art. 4), and what else reaches the same desk. */
export const REQUEST_KINDS = ['access', 'correction', 'erasure', 'opt-out', 'objection', 'complaint', 'other'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

export const REQUEST_CHANNELS = ['phone-call', 'letter', 'in-person', 'sms', 'email', 'online', 'other'] as const;
export type RequestChannel = (typeof REQUEST_CHANNELS)[number];

export const REQUEST_STATES = ['open', 'answered'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];
