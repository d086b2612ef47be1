import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Config, OPTIONAL_SETTINGS } from '../src/platform/config';

const ROOT = join(__dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const decisions = readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', ...decisions];

interface Row {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

const bare = (cell: string | undefined): string => (cell ?? '').trim().replace(/^`(.*)`$/, '$1');

/** The table below the heading "Settings". */
function settingsTable(): Row[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith('Settings\n')) ?? '';
  const rows = section.split('\n').filter((line) => /^\| `/.test(line));
  return rows.map((line) => {
    const [, name, standard, meaning] = line.split('|');
    return { name: bare(name), default: bare(standard), meaning: bare(meaning) };
  });
}

describe('the table of settings in README.md', () => {
  const defaults = Object.entries(new Config()).map(([name, value]) => [name, String(value)]);
  const optional = OPTIONAL_SETTINGS.map((name) => [name, '–']);

  it('names every setting of the service with its default, and no other', () => {
    const told = settingsTable().map((row) => [row.name, row.default]);
    expect([...told].sort()).toEqual([...defaults, ...optional].sort());
  });

  it('says of each what it means', () => {
    expect(settingsTable().filter(({ meaning }) => meaning.length < 10)).toEqual([]);
  });
});

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('names only commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name]) => name!);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('links only to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });

  it('names only source files that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|templates|docs|migrations)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('a decision', () => {
  it('is told in at most 40 lines', () => {
    const lines = (page: string): number => readFileSync(join(ROOT, page), 'utf8').trimEnd().split('\n').length;
    expect(decisions.filter((page) => lines(page) > 40)).toEqual([]);
  });
});
