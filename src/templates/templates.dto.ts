import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDateString,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IfGiven } from '../platform/http/if-given';
import { IsId, toWholeNumber } from '../platform/http/ids';
import { CODE_FORM, DAY_FORM, IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { MAX_BODY_LENGTH } from './body-check';
import { type Language, LANGUAGES } from './languages';

const PREVIEW_LANGUAGES = ['vi', ...LANGUAGES] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class LegalBasisDto {
  @ApiProperty({ example: 'Nghị định số 117/2020/NĐ-CP' })
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  document: string;

  @ApiProperty({ example: 'Điểm a khoản 1 Điều 12' })
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  article: string;
}

export class VersionDto {
  @ApiProperty({ example: 'Nhắc ngày bầu cử' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  title: string;

  @ApiProperty({ example: 'Sở Tư pháp An Giang: Kính mời cử tri {{ho_ten}} …' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_BODY_LENGTH)
  body: string;

  @ApiProperty({ type: [LegalBasisDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => LegalBasisDto)
  legalBasis: LegalBasisDto[];

  @ApiPropertyOptional({ example: '2020-11-15', description: 'First day on which the notice states the law as it is' })
  @IsOptional()
  @Matches(DAY, DAY_FORM)
  @IsDateString({ strict: true })
  validFrom?: string;

  @ApiPropertyOptional({ example: '2023-10-19', description: 'Last such day' })
  @IsOptional()
  @Matches(DAY, DAY_FORM)
  @IsDateString({ strict: true })
  validTo?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'object' },
    example: {
      ho_ten: { label: 'Họ và tên', source: 'subscriber', field: 'fullName' },
      ngay_bau_cu: { label: 'Ngày bầu cử', source: 'campaign', default: '15/3/2026' },
    },
    description: 'source: subscriber with a field (fullName, areaName, hamlet), or campaign; default: for who has none',
  })
  @IsObject()
  variables: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  @IsObject()
  example: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    properties: { km: { type: 'string' }, cja: { type: 'string' } },
    description: 'The body in Khmer and in Chăm, with the same variables or some of them',
  })
  @IfGiven()
  @IsObject()
  variants?: Record<string, unknown>;
}

export class CreateTemplateDto extends VersionDto {
  @ApiProperty({ example: 'election-day-2026' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, CODE_FORM)
  @MaxLength(100)
  code: string;

  @ApiProperty({ example: 'election' })
  @IsString()
  @MaxLength(100)
  topic: string;

  @ApiPropertyOptional({ example: 'election-law', description: 'A code of /api/v1/legal-fields' })
  @IfGiven()
  @IsString()
  @MaxLength(100)
  legalField?: string;
}

export class TemplatesQuery {
  @ApiPropertyOptional({ type: Boolean, description: 'Archived templates too' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  archived?: boolean;
}

export class CompareQuery {
  @ApiProperty({ example: 1, description: 'Number of the earlier version' })
  @toWholeNumber()
  @IsId()
  from: number;

  @ApiProperty({ example: 3, description: 'Number of the later version' })
  @toWholeNumber()
  @IsId()
  to: number;
}

export class PreviewDto {
  @ApiPropertyOptional({ description: "A real recipient; the template's example fills in when left out" })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  subscriberId?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, description: 'Campaign values' })
  @IsOptional()
  @IsObject()
  values?: Record<string, unknown>;

  @ApiPropertyOptional({
    enum: PREVIEW_LANGUAGES,
    description: "The recipient's own when left out; Vietnamese where the version has no such variant",
  })
  @IfGiven()
  @IsIn(PREVIEW_LANGUAGES)
  language?: Language | 'vi';
}

export class TextCheckDto {
  @ApiProperty({ example: 'Phạt “từ 1 – 3 triệu đồng”…', maxLength: MAX_BODY_LENGTH })
  @IsString()
  @MaxLength(MAX_BODY_LENGTH)
  text: string;
}
