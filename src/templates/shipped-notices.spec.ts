import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SegmentedMessage } from 'sms-segments-calculator';
import { previewText, type TextPreview } from './preview';
import { compileTemplate } from './render';
import { parseTemplateSource, type TemplateSource } from './template-source';
import { parseTopicsSource } from './topics-source';

const FOLDER = join(__dirname, '../../templates');
const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.hbs'))
  .sort();

/** Characters, segments with accents, segments without: of the longest name, ward and polling place at hand. */
const LONG_SAMPLE: Readonly<Record<string, readonly [number, number, number]>> = {
  'covid-19-face-masks': [159, 3, 1],
  'covid-19-false-news': [214, 4, 2],
  'covid-19-gatherings': [231, 4, 2],
  'covid-19-health-declaration': [178, 3, 2],
  'covid-19-quarantine': [210, 4, 2],
  'election-day-reminder': [221, 4, 2],
  'valid-ballot': [221, 4, 2],
  'vote-in-person': [229, 4, 2],
  'voter-list-check': [244, 4, 2],
  'voting-elsewhere': [172, 3, 2],
};
const SHORT_VALUES = { ho_ten: 'Lê Bé', diem_bau_cu: 'Trụ sở ấp 3', xa_phuong: 'xã Ba Chúc' };
const SHORT_SAMPLE: typeof LONG_SAMPLE = { 'election-day-reminder': [172, 3, 2], 'voter-list-check': [235, 4, 2] };

function read(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

function source(code: string): TemplateSource {
  return parseTemplateSource(read(`${code}.hbs`), `${code}.hbs`);
}

function expectCounts(preview: { accented: TextPreview; unaccented: TextPreview }, counts: readonly number[]): void {
  const { accented, unaccented } = preview;
  expect([accented.text.length, accented.segments, unaccented.segments]).toEqual(counts);
  expect(unaccented.text).toHaveLength(accented.text.length);
  expect([accented.encoding, unaccented.encoding]).toEqual(['UCS-2', 'GSM-7']);
  for (const { text, segments } of [accented, unaccented]) {
    expect(new SegmentedMessage(text).segments).toHaveLength(segments);
  }
}

describe('the notices shipped with the product', () => {
  it('are the ten of the year 2021: five on elections, five on COVID-19 and those marked historical', () => {
    expect(files).toEqual(Object.keys(LONG_SAMPLE).map((code) => `${code}.hbs`));
    const sources = files.map((file) => parseTemplateSource(read(file), file));
    const historical = sources.filter((template) => template.historical).map(({ code }) => code);
    expect(historical).toEqual(sources.filter(({ topic }) => topic === 'covid-19').map(({ code }) => code));
    expect(sources.filter(({ topic }) => topic === 'election')).toHaveLength(5);
    expect(historical).toHaveLength(5);
  });

  it('belong to topics that exist, and every topic has a notice', () => {
    const topics = parseTopicsSource(read('topics.yaml'), 'topics.yaml').map(({ code }) => code);
    expect(new Set(files.map((file) => parseTemplateSource(read(file), file).topic))).toEqual(new Set(topics));
  });

  it('each belong to a legal field that exists', () => {
    const known = parseTopicsSource(read('legal-fields.yaml'), 'legal-fields.yaml').map(({ code }) => code);
    for (const file of files) expect(known).toContain(parseTemplateSource(read(file), file).legalField);
  });

  it.each(files)('%s is NFC, without carriage returns, and ends in one line of text', (file) => {
    const text = read(file);
    expect(text).toBe(text.normalize('NFC'));
    expect(text).toMatch(/\n---\n[^\n]+\n$/);
    expect(text).not.toContain('\r');
  });

  it.each(Object.entries(LONG_SAMPLE))('%s, with its example, has the length and segments known', (code, counts) => {
    const { body, example } = source(code);
    expectCounts(previewText(compileTemplate(body), example), counts);
  });

  it.each(Object.entries(SHORT_SAMPLE))('%s is shorter for a short name and place', (code, counts) => {
    const { body, example } = source(code);
    expectCounts(previewText(compileTemplate(body), { ...example, ...SHORT_VALUES }), counts);
  });

  it('take the name and the area from the subscriber, everything else from the campaign', () => {
    const subscriberFields: Readonly<Record<string, string>> = { ho_ten: 'fullName', xa_phuong: 'areaName' };
    for (const code of Object.keys(LONG_SAMPLE)) {
      for (const [name, variable] of Object.entries(source(code).variables)) {
        const field = variable.source === 'subscriber' ? variable.field : undefined;
        expect([code, name, field]).toEqual([code, name, subscriberFields[name]]);
      }
    }
  });

  it('say who sends them, and hold nothing a gateway is known to refuse', () => {
    for (const code of Object.keys(LONG_SAMPLE)) {
      const { body, example } = source(code);
      const { accented } = previewText(compileTemplate(body), example);
      expect(accented.text).toMatch(/^Sở Tư pháp An Giang: /);
      expect(accented.text).not.toMatch(/[&#%[\]{}<>@\\]/);
    }
  });
});
