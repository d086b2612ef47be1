import { IsIn, IsInt, IsString, Matches, Max, MaxLength } from 'class-validator';
import type { Fault } from '../errors';
import { createValidationPipe } from './validation';

class Example {
  @IsString()
  @MaxLength(3)
  name: string;

  @IsInt()
  @Max(9)
  count: number;

  @IsIn(['letter', 'sms'])
  source: string;

  @Matches(/^x$/, { context: { vi: 'chỉ một chữ x.', en: 'a single x.' } })
  form: string;
}

const whole = { name: 'abc', count: 1, source: 'sms', form: 'x' };

async function faultOf(changes: Record<string, unknown>): Promise<Fault> {
  const value = JSON.parse(JSON.stringify({ ...whole, ...changes }));
  return createValidationPipe()
    .transform(value, { type: 'body', metatype: Example })
    .then(
      () => Promise.reject(new Error('it was accepted')),
      (fault: Fault) => fault,
    );
}

describe('a field that breaks a rule', () => {
  it.each([
    ['a text that is too long', { name: 'abcd' }, 'Quá dài: nhiều nhất 3 ký tự.', 'Too long: at most 3 characters.'],
    ['a number that is too large', { count: 10 }, 'Quá lớn: nhiều nhất là 9.', 'Too large: at most 9.'],
    [
      'a value that is none of those allowed',
      { source: 'x' },
      'Phải là một trong: letter, sms.',
      'Must be one of: letter, sms.',
    ],
    ['a wrong form', { form: 'y' }, 'Sai dạng: chỉ một chữ x.', 'Wrong form: a single x.'],
    ['a number in the place of text', { name: 7 }, 'Phải là chữ.', 'Must be text.'],
    ['nothing', { name: undefined }, 'Thiếu trường này.', 'This field is missing.'],
  ])('by %s is named once, with what is allowed, each language pure', async (_, changes, vi, en) => {
    const { details } = await faultOf(changes);
    expect(details.fields).toEqual([expect.objectContaining({ field: Object.keys(changes)[0], message: { vi, en } })]);
  });
});
