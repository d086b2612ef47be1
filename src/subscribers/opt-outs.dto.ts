import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsDateString,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../platform/http/paging';
import { DAY_FORM, IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import { CONSENT_KINDS, type ConsentKind, OPT_OUT_SOURCES } from './opt-out-sources';

class PhoneDto {
  @ApiProperty({ example: '0912345678', description: 'In any spelling' })
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  phone: string;
}

export class RecordOptOutDto extends PhoneDto {
  @ApiProperty({ enum: OPT_OUT_SOURCES, description: 'How the citizen asked' })
  @IsIn(OPT_OUT_SOURCES)
  source: (typeof OPT_OUT_SOURCES)[number];

  @ApiProperty({ example: 'Gọi điện đề nghị không nhận tin', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}

export class OptOutsFileDto {
  @ApiProperty({ example: 'UBND xã Ba Chúc chuyển đến ngày 20/11/2026', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}

export class OptOutsQuery extends PageQuery {
  @ApiPropertyOptional({ example: '0912 345 678', description: 'In any spelling' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;
}

/** A number in an address. */
export class PhoneQuery extends PhoneDto {}

export class ConsentDto {
  @ApiProperty({ enum: CONSENT_KINDS, description: 'How the citizen agreed to get texts again' })
  @IsIn(CONSENT_KINDS)
  how: ConsentKind;

  @ApiProperty({ example: 'Phiếu đồng ý số 15/PĐY ngày 20/11/2026', description: 'By which it can be found again' })
  @IsString()
  @MinLength(1)
  @MaxLength(300)
  @IsNotBlank()
  @IsOneLine()
  document: string;

  @ApiProperty({ example: '2026-11-20', description: 'Vietnam time; on or after the day of the opt-out' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY_FORM)
  @IsDateString({ strict: true })
  givenOn: string;
}

export class LiftOptOutDto extends PhoneDto {
  @ApiProperty({ type: ConsentDto })
  @IsObject()
  @ValidateNested()
  @Type(() => ConsentDto)
  consent: ConsentDto;
}
