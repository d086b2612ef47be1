import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import type { Route } from './plan';

/** Letters, digits, space inside, hyphen, underscore, dot; not digits alone (Decree 91/2020/NĐ-CP on sender names). */
const SENDER_ID = /^(?! )(?=.*[A-Za-z])[A-Za-z0-9 ._-]{1,11}(?<! )$/;

export const IsSenderId = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ example: 'STP ANGIANG', description: 'Sender ID (brandname), at most 11 characters' }),
    Matches(SENDER_ID, {
      context: {
        vi: 'từ 1 đến 11 ký tự gồm chữ không dấu, chữ số, dấu cách, gạch ngang, gạch dưới, dấu chấm; có ít nhất một chữ cái.',
        en: '1 to 11 ASCII letters, digits, spaces, hyphens, underscores or dots, with at least one letter.',
      },
    }) as PropertyDecorator,
  ) as PropertyDecorator;

export class RouteDto implements Route {
  @ApiProperty({ example: 'twilio', description: 'A configured gateway' })
  @IsString()
  @MaxLength(40)
  gateway: string;

  @IsSenderId()
  sender: string;
}
