import { applyDecorators } from '@nestjs/common';
import { IsDateString, Matches } from 'class-validator';
import { DAY_FORM } from '../platform/http/text-rules';

/** A day of these centuries that exists, `2027-02-08`. */
export const IsLocalDay = (): PropertyDecorator =>
  applyDecorators(Matches(/^(19|20)\d\d-\d\d-\d\d$/, DAY_FORM), IsDateString({ strict: true }));

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIME_FORM = {
  context: { vi: 'giờ:phút theo 24 giờ, như 07:30.', en: 'hours:minutes by the 24-hour clock, as 07:30.' },
};

export const isTimeOfDay = (value: unknown): value is string => typeof value === 'string' && TIME_OF_DAY.test(value);

/** `HH:MM`, from 00:00 to 23:59. */
export const IsTimeOfDay = (): PropertyDecorator => Matches(TIME_OF_DAY, TIME_FORM);
