import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsDateString, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IfGiven } from '../platform/http/if-given';
import { DAY_FORM, IsNotBlank, IsOneLine } from '../platform/http/text-rules';

export class CreateListDto {
  @ApiProperty({ example: 'Cử tri An Giang 2021' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  name: string;

  @ApiProperty({ example: 'Tuyên truyền bầu cử và phòng, chống dịch', description: 'Why the list is kept' })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  @IsNotBlank()
  purpose: string;

  @ApiProperty({ example: 'Luật Phổ biến, giáo dục pháp luật 2012', description: 'The law that allows it' })
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  @IsNotBlank()
  legalBasis: string;

  @ApiPropertyOptional({ example: 'UBND xã Núi Tô, Công văn số 12/UBND', description: 'Who handed it over' })
  @IfGiven()
  @IsString()
  @MaxLength(1_000)
  source?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: '2026-12-31',
    description: 'The last day on which the list may be kept (Asia/Ho_Chi_Minh); null: none is set',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY_FORM)
  @IsDateString({ strict: true })
  retainUntil?: string | null;
}

/** What is left out stays as it is. */
export class EditListDto extends PartialType(CreateListDto, { skipNullProperties: false }) {}
