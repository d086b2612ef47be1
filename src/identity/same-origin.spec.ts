import { isCrossOrigin } from './same-origin';

const host = 'tinluat.example:3000';

describe('a request that another site made the browser send', () => {
  it.each([
    ['from another site', { method: 'POST', secFetchSite: 'cross-site', host }],
    ['from another host of the same domain', { method: 'DELETE', secFetchSite: 'same-site', host }],
    ['over plain http, from another origin', { method: 'POST', origin: 'http://evil.example', host }],
    ['from another port', { method: 'PATCH', origin: 'http://tinluat.example:8080', host }],
    ['from a sandboxed frame', { method: 'POST', origin: 'null', host }],
    [
      'with both headers, of which Sec-Fetch-Site counts',
      {
        method: 'PUT',
        secFetchSite: 'cross-site',
        origin: `http://${host}`,
        host,
      },
    ],
  ])('is recognised: %s', (_name, facts) => {
    expect(isCrossOrigin(facts)).toBe(true);
  });

  it.each([
    ['from the console itself', { method: 'POST', secFetchSite: 'same-origin', host }],
    ['typed by the person', { method: 'POST', secFetchSite: 'none', host }],
    ['over plain http, from the console itself', { method: 'POST', origin: `http://${host}`, host }],
    ['from a program, which is no browser', { method: 'POST', host }],
    ['that only reads', { method: 'GET', secFetchSite: 'cross-site', host }],
  ])('is not one %s', (_name, facts) => {
    expect(isCrossOrigin(facts)).toBe(false);
  });

  it('is not one from the public address, which a proxy replaced in the Host header', () => {
    const facts = { method: 'POST', origin: 'https://tinluat.angiang.gov.vn', host: '10.0.0.5:3000' };
    expect(isCrossOrigin(facts, 'https://tinluat.angiang.gov.vn/')).toBe(false);
    expect(isCrossOrigin(facts)).toBe(true);
  });
});
