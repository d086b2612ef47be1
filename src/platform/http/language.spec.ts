import { preferredLanguage } from './language';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'vi'],
    ['', 'vi'],
    ['*', 'vi'],
    ['fr', 'vi'],
    ['vi-VN,vi;q=0.9,en-US;q=0.8', 'vi'],
    ['en', 'en'],
    ['en-US,en;q=0.9,vi;q=0.8', 'en'],
    ['vi;q=0.5, en;q=0.7', 'en'],
    ['en;q=0', 'vi'],
    ['EN-gb', 'en'],
  ])('to Accept-Language %j is %s', (header, language) => expect(preferredLanguage(header)).toBe(language));
});
