import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { MESSAGE_STATES, type MessageState } from '../delivery';
import { IfGiven } from '../platform/http/if-given';
import { IsId } from '../platform/http/ids';
import { PageQuery } from '../platform/http/paging';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';

/** Letters, digits, space inside, hyphen, underscore, dot; not digits alone (Decree 91/2020/NĐ-CP on sender names). */
const SENDER_ID = /^(?! )(?=.*[A-Za-z])[A-Za-z0-9 ._-]{1,11}(?<! )$/;

export class CreateCampaignDto {
  @ApiProperty({ example: 'Nhắc ngày bầu cử 23/5/2021' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  name: string;

  @ApiProperty({ description: 'Id of a template version' })
  @IsId()
  templateVersionId: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { ngay_bau_cu: '23/5/2021' },
    description: "Values of the template's campaign variables",
  })
  @IfGiven()
  @IsObject()
  values?: Record<string, unknown>;

  @ApiProperty({ type: [Number], description: 'The lists are united; a number in two of them is texted once' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsId({ each: true })
  listIds: number[];

  @ApiPropertyOptional({ type: [Number], description: 'Only subscribers of these areas; all areas when left out' })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ArrayUnique()
  @IsId({ each: true })
  areaIds?: number[];

  @ApiProperty({ example: 'STP ANGIANG', description: 'Sender ID (brandname), at most 11 characters' })
  @Matches(SENDER_ID, {
    context: {
      vi: 'từ 1 đến 11 ký tự gồm chữ không dấu, chữ số, dấu cách, gạch ngang, gạch dưới, dấu chấm; có ít nhất một chữ cái.',
      en: '1 to 11 ASCII letters, digits, spaces, hyphens, underscores or dots, with at least one letter.',
    },
  })
  sender: string;

  @ApiPropertyOptional({ example: 'simulator', description: 'The first configured gateway when left out' })
  @IfGiven()
  @IsString()
  @MaxLength(40)
  gateway?: string;

  @ApiProperty({ description: 'Send with Vietnamese accents (70 characters a segment) or without (160)' })
  @IsBoolean()
  accented: boolean;

  @ApiProperty({ example: '2021-05-20T08:00', description: 'Vietnam time unless it carries an offset' })
  @IsString()
  @MaxLength(40)
  startsAt: string;
}

export class EditCampaignDto extends PartialType(CreateCampaignDto, { skipNullProperties: false }) {
  @ApiProperty({ description: 'The revision you saw; the edit is refused when somebody else was faster' })
  @IsId()
  revision: number;
}

export class ApproveDto {
  @ApiProperty({ description: 'The contentHash you saw: text, audience, sender and schedule' })
  @Matches(/^[0-9a-f]{64}$/, {
    context: {
      vi: '64 chữ số thập lục phân, lấy từ trường contentHash.',
      en: '64 hexadecimal digits, as in contentHash.',
    },
  })
  contentHash: string;
}

export class RejectDto {
  @ApiProperty({ example: 'Sai ngày bầu cử' })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  @IsNotBlank()
  reason: string;
}

export class MessagesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: MESSAGE_STATES })
  @IsOptional()
  @IsIn(MESSAGE_STATES)
  state?: MessageState;
}
