import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { IdParam } from '../../platform/http/ids';
import { DAY_FORM, IsNotBlank, IsOneLine } from '../../platform/http/text-rules';

const toBoolean = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export class AreasQuery {
  @ApiPropertyOptional({ example: '2021-05-04', description: 'Only areas that were valid on this day' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, DAY_FORM)
  validOn?: string;

  @ApiPropertyOptional({ example: 'vinh hoa', description: 'Part of the name, in any spelling' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only areas in which subscribers are recorded' })
  @IsOptional()
  @toBoolean()
  @IsBoolean()
  withSubscribers?: boolean;
}

export class RecordAliasDto {
  @ApiProperty({ example: 'TT 3 Chúc', description: 'What offices write for the area' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  alias: string;
}

export class AliasParam extends IdParam {
  @ApiProperty({ description: 'In any spelling' })
  @IsString()
  @MaxLength(200)
  alias: string;
}
