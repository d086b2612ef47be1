import { resolve } from 'node:path';
import { readOptions, usage, UsageError } from './demo-options';

describe('the options of the demo', () => {
  it('has a folder of its own below the working directory, and runs on, unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      exit: false,
      json: false,
      resume: false,
      scale: undefined,
      dataDir: resolve('demo-data'),
      receiptsTimeoutSeconds: 45,
    });
  });

  it('takes all of them at once', () => {
    const args = ['--exit', '--json', '--resume', '--scale', '3', '--data-dir', '/tmp/x', '--receipts-timeout', '7'];
    const wanted = { exit: true, json: true, resume: true, scale: 3, dataDir: '/tmp/x', receiptsTimeoutSeconds: 7 };
    expect(readOptions(args)).toEqual(wanted);
  });

  it.each([
    ['--wipe'],
    ['now'],
    ['--scale', '0'],
    ['--scale', '26'],
    ['--scale', '1.5'],
    ['--receipts-timeout', 'long'],
  ])('refuses %s %s instead of starting with something else', (...args) =>
    expect(() => readOptions(args)).toThrow(UsageError),
  );

  it('explains every option it takes', () => {
    expect(readOptions(['--help'])).toBeUndefined();
    for (const name of ['exit', 'json', 'resume', 'scale', 'data-dir', 'receipts-timeout']) {
      expect(usage()).toMatch(new RegExp(`^  --${name}\\b`, 'm'));
    }
    expect(usage()).toBe(usage().normalize('NFC'));
    expect(usage()).not.toMatch(/[{}]/);
  });
});
