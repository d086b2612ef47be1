import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IsId, toWholeNumber } from '../platform/http/ids';
import { PageQuery } from '../platform/http/paging';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';

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
}

export class SubscribersQuery extends PageQuery {
  @ApiPropertyOptional({ example: '0912 345 678', description: 'In any spelling' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  listId?: number;

  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  areaId?: number;
}
