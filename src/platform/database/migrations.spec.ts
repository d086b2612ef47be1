import { Migration, pendingMigrations } from './migrations';

const migration = (name: string): Migration => ({ name, up: '', down: '', sha256: `sha of ${name}` });
const KNOWN = [migration('1-a'), migration('2-b'), migration('3-c')];
const applied = (...names: string[]) => names.map((name) => ({ name, sha256: `sha of ${name}` }));

describe('migrations', () => {
  it('are applied in order, those that are missing', () => {
    expect(pendingMigrations(KNOWN, applied('1-a')).map(({ name }) => name)).toEqual(['2-b', '3-c']);
    expect(pendingMigrations(KNOWN, applied('1-a', '2-b', '3-c'))).toEqual([]);
  });

  it('stop the start when the database is newer than the program', () => {
    expect(() => pendingMigrations(KNOWN, applied('1-a', '9-z'))).toThrow(/9-z was applied by a newer version/);
  });

  it('stop the start when one was edited after it had been applied', () => {
    expect(() => pendingMigrations(KNOWN, [{ name: '1-a', sha256: 'other' }])).toThrow(/1-a was changed/);
  });
});
