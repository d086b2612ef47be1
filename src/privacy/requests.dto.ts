import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '../platform/http/paging';
import { IsNotBlank, IsOneLine } from '../platform/http/text-rules';
import {
  REQUEST_CHANNELS,
  REQUEST_KINDS,
  REQUEST_STATES,
  type RequestChannel,
  type RequestKind,
  type RequestState,
} from './request-kinds';

export class RecordRequestDto {
  @ApiProperty({ enum: REQUEST_KINDS, description: 'What is asked' })
  @IsIn(REQUEST_KINDS)
  kind: RequestKind;

  @ApiProperty({ enum: REQUEST_CHANNELS, description: 'How it came' })
  @IsIn(REQUEST_CHANNELS)
  channel: RequestChannel;

  @ApiPropertyOptional({ example: '2026-11-23T08:00', description: 'Vietnam time; now when left out' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  receivedAt?: string;

  @ApiPropertyOptional({ example: '0912 345 678', description: 'The number it is about, in any spelling' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  phone?: string;

  @ApiPropertyOptional({ example: 'Lê Thị Bé' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  name?: string;

  @ApiProperty({ example: 'Đề nghị cho biết Sở đang lưu những dữ liệu gì về tôi', maxLength: 5000 })
  @IsString()
  @MinLength(1)
  @MaxLength(5_000)
  @IsNotBlank()
  text: string;
}

export class AnswerRequestDto {
  @ApiProperty({
    example: 'Đã gửi bản sao dữ liệu qua đường bưu điện, công văn số 12/STP-VP',
    description: 'What was answered; after an erasure it names nobody',
    maxLength: 5000,
  })
  @IsString()
  @MinLength(1)
  @MaxLength(5_000)
  @IsNotBlank()
  answer: string;
}

export class RequestsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: REQUEST_STATES })
  @IsOptional()
  @IsIn(REQUEST_STATES)
  state?: RequestState;

  @ApiPropertyOptional({ type: Boolean, description: 'Only those past their time, or only those in time' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  overdue?: boolean;
}
