import { faultOfPassword, generatePassword, hashPassword, verifyPassword } from './password';

describe('the rule for passwords', () => {
  it.each([
    ['elevenchars', 'password.too-short'],
    ['đđđđđđđđđđđ', 'password.too-short'],
    // Ten letters ế typed on a keyboard that sends each as three characters.
    ['e\u0302\u0301'.repeat(10), 'password.too-short'],
    ['x'.repeat(201), 'password.too-long'],
    ['nguyen.van.an', 'password.is-username'],
    [' Nguyen.Van.An ', 'password.is-username'],
  ])('refuses %j', (password, code) => {
    expect(faultOfPassword(password, 'nguyen.van.an')?.code).toBe(code);
  });

  it.each(['twelve chars', 'đi chợ mua cá', 'nguyen.van.anh'])('accepts %j', (password) => {
    expect(faultOfPassword(password, 'nguyen.van.an')).toBeUndefined();
  });
});

describe('the stored form of a password', () => {
  it('is argon2id with the costs OWASP names', async () => {
    expect(await hashPassword('đi chợ mua cá')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('recognises the password however the keyboard composed its letters, and no other', async () => {
    const stored = await hashPassword('tiếng Việt dễ'.normalize('NFC'));
    expect(await verifyPassword(stored, 'tiếng Việt dễ'.normalize('NFD'))).toBe(true);
    expect(await verifyPassword(stored, 'tiếng Việt de')).toBe(false);
  });
});

describe('a generated password', () => {
  it('is accepted, legible and never the same', () => {
    const passwords = Array.from({ length: 50 }, generatePassword);
    expect(new Set(passwords).size).toBe(50);
    for (const password of passwords) {
      expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
      expect(faultOfPassword(password, 'an')).toBeUndefined();
    }
  });
});
