import { permissionsOf, permissionsOfKey, PERMISSIONS, ROLES } from './roles';

describe('the table of permissions', () => {
  it('lets nobody both write and approve campaigns', () => {
    for (const role of ROLES) {
      const permissions = permissionsOf(role);
      expect(permissions.has('campaigns.write') && permissions.has('campaigns.approve')).toBe(false);
    }
  });

  it('lets those who give access neither write nor approve campaigns', () => {
    for (const role of PERMISSIONS['users.manage']) {
      expect(permissionsOf(role).has('campaigns.write' as never)).toBe(false);
      expect(permissionsOf(role).has('campaigns.approve' as never)).toBe(false);
    }
  });

  it('shows unmasked phone numbers neither to auditors nor to approvers', () => {
    for (const role of ['auditor', 'approver'] as const) {
      expect(permissionsOf(role)).not.toContain('phones.read');
      expect(permissionsOf(role)).not.toContain('imports.read');
    }
  });

  it('lets auditors read and change nothing', () => {
    expect([...permissionsOf('auditor')].filter((permission) => !permission.endsWith('.read'))).toEqual([
      'session.own',
    ]);
  });

  it('keeps approving and giving access out of the reach of every API key', () => {
    for (const role of ROLES) {
      const permissions = permissionsOfKey(role);
      for (const personal of ['campaigns.approve', 'users.manage', 'keys.manage'] as const) {
        expect(permissions.has(personal)).toBe(false);
      }
    }
    expect(permissionsOfKey('auditor')).toContain('statistics.read');
  });
});
