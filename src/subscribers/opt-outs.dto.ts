import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { IsNotBlank } from '../platform/http/text-rules';
import { OPT_OUT_SOURCES, type OptOutSource } from './opt-outs.service';

export class RecordOptOutDto {
  @ApiProperty({ example: '0912345678', description: 'In any spelling' })
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  phone: string;

  @ApiProperty({ enum: OPT_OUT_SOURCES, description: 'How the citizen asked' })
  @IsIn(OPT_OUT_SOURCES)
  source: OptOutSource;

  @ApiProperty({ example: 'Gọi điện đề nghị không nhận tin', maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}
