export const ROLES = ['admin', 'staff', 'approver', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const EVERYONE: readonly Role[] = ROLES;

/**
 * The one table of who may do what. An administrator gives access and keeps the lists, but neither writes nor approves
 * campaigns: who can make accounts must not also be able to text the province alone.
 */
export const PERMISSIONS = {
  'session.own': EVERYONE,
  'users.manage': ['admin'],
  'keys.manage': ['admin'],
  // Who approves in whose place, and until when, is everybody's to know; an approver names his own deputies.
  'deputies.read': EVERYONE,
  'deputies.manage': ['admin', 'approver'],
  // Who an id stands for, in a campaign or in the audit log: a name and a role, without user name or number.
  'colleagues.read': EVERYONE,

  'lists.read': EVERYONE,
  // Whole files of personal data come in here, and lists decide who is texted.
  'lists.manage': ['admin'],
  'imports.run': ['admin'],
  'areas.manage': ['admin'],
  // Rejected rows are shown as they came, numbers unmasked, so an auditor does not see them.
  'imports.read': ['admin'],
  // Numbers are masked unless the reader also has phones.read.
  'subscribers.read': EVERYONE,
  // Correcting what a citizen says is wrong about him.
  'subscribers.write': ['admin', 'staff'],
  // Those who answer citizens' calls have to recognise a number; approving and auditing work with masked ones.
  'phones.read': ['admin', 'staff'],
  // Whoever takes a citizen's call records the wish at once; it must not wait for another role.
  'opt-outs.record': ['admin', 'staff'],
  'opt-outs.read': ['admin', 'staff', 'auditor'],
  // An opt-out is final; only a recorded consent lifts it.
  'opt-outs.lift': ['admin'],
  // Citizens' requests about their data, and the clock that runs on them.
  'requests.read': ['admin', 'staff', 'auditor'],
  'requests.write': ['admin', 'staff'],
  // Days off decide until when requests must be answered, and when texts may leave.
  'calendar.read': EVERYONE,
  'holidays.manage': ['admin'],
  // All that is known of one person, and its erasure.
  'privacy.export': ['admin'],
  'privacy.erase': ['admin'],

  'templates.read': EVERYONE,
  // A preview names a real recipient; an auditor works with masked data.
  'templates.preview': ['admin', 'staff', 'approver'],
  'templates.write': ['admin', 'staff'],
  // Topics and legal fields, which statistics and the cap on texts go by.
  'topics.manage': ['admin', 'staff'],
  'campaigns.read': EVERYONE,
  'campaigns.write': ['staff'],
  // Staff hand over their own campaigns, an administrator those of anybody who left.
  'campaigns.hand-over': ['admin', 'staff'],
  // The paper behind a campaign: number, day, signer, scan.
  'documents.read': EVERYONE,
  'documents.write': ['admin', 'staff'],
  'campaigns.approve': ['approver'],
  // Stopping is everybody's duty who acts on campaigns: a wrong text must be stopped by whoever sees it first.
  'campaigns.run': ['admin', 'staff', 'approver'],
  // Whether a doubtful text arrived is found out from the provider, by an administrator, or answered for by an approver; never
  // by its author alone.
  'unknown.settle': ['admin', 'approver'],
  // Price and rate of the contract: what every cost and every forecast is reckoned by.
  'gateways.manage': ['admin'],

  'statistics.read': EVERYONE,
  'audit.read': ['admin', 'auditor'],
  // A monitoring system asks with a key of one of these roles.
  'metrics.read': ['admin', 'auditor'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

/**
 * What only a person does, never a program with a key: approving is one's own decision, and a key that leaked must not
 * be able to make further keys and accounts.
 */
export const ONLY_FOR_PEOPLE: ReadonlySet<Permission> = new Set<Permission>([
  'session.own',
  'users.manage',
  'keys.manage',
  'deputies.manage',
  'campaigns.approve',
  'campaigns.hand-over',
  'unknown.settle',
  'opt-outs.lift',
  'privacy.erase',
]);

/** @param standsInFor the approvers whose deputy somebody is today: a deputy also approves, but never what he wrote */
export function permissionsOf(role: Role, standsInFor: readonly number[] = []): ReadonlySet<Permission> {
  const names = Object.keys(PERMISSIONS) as Permission[];
  const permissions = new Set(names.filter((name) => (PERMISSIONS[name] as readonly Role[]).includes(role)));
  return standsInFor.length > 0 ? permissions.add('campaigns.approve') : permissions;
}

export function permissionsOfKey(role: Role): ReadonlySet<Permission> {
  return new Set([...permissionsOf(role)].filter((name) => !ONLY_FOR_PEOPLE.has(name)));
}
