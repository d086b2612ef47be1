import {
  ChangeDecision,
  decideChange,
  faultOfFullName,
  isUsername,
  normaliseFullName,
  normaliseUsername,
} from './user';

const now = new Date('2021-05-20T01:00:00Z');
const admin = { role: 'admin', fullName: 'Nguyễn Văn An', disabledAt: null, phone: '+84912345678' } as const;

describe('a change to an account', () => {
  const nothing: ChangeDecision = { set: {}, changed: [], endSessions: false };

  it.each([[{ disabled: true }], [{ role: 'staff' as const }], [{ role: 'staff' as const, disabled: false }]])(
    'cannot take the last administrator away: %j',
    (wanted) => {
      expect(() => decideChange(admin, wanted, 0, now)).toThrow(expect.objectContaining({ code: 'user.last-admin' }));
      expect(decideChange(admin, wanted, 1, now).changed).not.toEqual([]);
    },
  );

  it('may rename the last administrator or give a new password', () => {
    expect(decideChange(admin, { fullName: 'Trần Thị Bình', role: 'admin' }, 0, now)).toEqual({
      set: { fullName: 'Trần Thị Bình' },
      changed: ['fullName'],
      endSessions: false,
    });
    expect(decideChange(admin, { passwordHash: 'x' }, 0, now)).toEqual({
      set: { passwordHash: 'x' },
      changed: ['password'],
      endSessions: true,
    });
  });

  it('does not count an administrator who is disabled already', () => {
    const disabled = { ...admin, disabledAt: now };
    expect(decideChange(disabled, { role: 'staff' }, 0, now).set).toEqual({ role: 'staff' });
  });

  it('ends the sessions when it disables, and not when it enables again', () => {
    const staff = { ...admin, role: 'staff' } as const;
    expect(decideChange(staff, { disabled: true }, 0, now)).toEqual({
      set: { disabledAt: now },
      changed: ['disabled'],
      endSessions: true,
    });
    expect(decideChange({ ...staff, disabledAt: now }, { disabled: false }, 0, now)).toEqual({
      set: { disabledAt: null },
      changed: ['disabled'],
      endSessions: false,
    });
  });

  it('gives another number, or takes it away', () => {
    expect(decideChange(admin, { phone: '+84987654321' }, 0, now)).toEqual({
      set: { phone: '+84987654321' },
      changed: ['phone'],
      endSessions: false,
    });
    expect(decideChange(admin, { phone: null }, 0, now).set).toEqual({ phone: null });
  });

  it('changes nothing when everything is so already', () => {
    const fullName = '  Nguyễn  Văn An '.normalize('NFD');
    const same = { role: 'admin', fullName, disabled: false, phone: '+84912345678' } as const;
    expect(decideChange(admin, same, 1, now)).toEqual(nothing);
    expect(decideChange({ ...admin, disabledAt: now }, { disabled: true }, 1, now)).toEqual(nothing);
  });
});

describe('names', () => {
  it('of accounts are small letters, whatever was typed', () => {
    expect(normaliseUsername(' An.Nguyen ')).toBe('an.nguyen');
  });

  it.each(['an', 'an.nguyen', '3-an_x'])('%j is a username', (text) => expect(isUsername(text)).toBe(true));
  it.each(['a', '', '.an', 'nguyễn', 'an nguyen', 'an\u0000', 'a'.repeat(65)])('%j is not', (text) => {
    expect(isUsername(text)).toBe(false);
  });

  it('of people are kept in one form', () => {
    expect(normaliseFullName('  Nguyễn   Văn An '.normalize('NFD'))).toBe('Nguyễn Văn An'.normalize('NFC'));
    expect(faultOfFullName('Nguyễn Văn An')).toBeUndefined();
  });

  it.each(['', 'An\nNguyễn', 'An\u0000', 'x'.repeat(101)])('%j is not the name of a person', (text) => {
    expect(faultOfFullName(text)?.details.field).toBe('fullName');
  });
});
