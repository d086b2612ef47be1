import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDateString,
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
import { CODE_FORM, DAY_FORM, IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { MAX_BODY_LENGTH } from './body-check';

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
      ngay_bau_cu: { label: 'Ngày bầu cử', source: 'campaign' },
    },
  })
  @IsObject()
  variables: Record<string, unknown>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  @IsObject()
  example: Record<string, unknown>;
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
}
