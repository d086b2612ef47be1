import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { toWholeNumber } from '../platform/http/ids';

export class AuditQuery {
  @ApiPropertyOptional({ example: 'campaign:12' })
  @IsOptional()
  @Matches(/^[a-z-]+:[\w.-]{1,64}$/, { context: { vi: 'như campaign:12.', en: 'as campaign:12.' } })
  subject?: string;

  @ApiPropertyOptional({ example: 'campaign.approve' })
  @IsOptional()
  @Matches(/^[a-z-]+(\.[a-z-]+)+$/, { context: { vi: 'như campaign.approve.', en: 'as campaign.approve.' } })
  act?: string;

  @ApiPropertyOptional({ example: '2021-05-01', description: 'From this day or time on (Asia/Ho_Chi_Minh).' })
  @IsOptional()
  @IsString()
  from?: string;

  @ApiPropertyOptional({ example: '2021-06-01', description: 'Before this day or time (Asia/Ho_Chi_Minh).' })
  @IsOptional()
  @IsString()
  to?: string;

  @ApiPropertyOptional({ description: 'The `next` of the page before.' })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;

  @ApiPropertyOptional({ default: 50, minimum: 1, maximum: 200 })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;
}

export class AuditItem {
  @ApiProperty()
  id: number;

  @ApiProperty({ example: '2021-05-20T08:00:00+07:00' })
  at: string;

  @ApiProperty({ example: 'user:3', description: 'user:<id>, key:<id>, system or anonymous.' })
  actor: string;

  @ApiProperty({ example: 'campaign.approve' })
  act: string;

  @ApiProperty({ example: 'campaign:12' })
  subject: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true })
  requestId: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Place in the hash chain; null for a few seconds.' })
  position: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the link, hexadecimal.' })
  hash: string | null;
}

export class AuditPage {
  @ApiProperty({ type: [AuditItem], description: 'The newest first.' })
  items: AuditItem[];

  @ApiProperty({ type: Number, nullable: true, description: 'Give it as `after` for the next page; null at the end.' })
  next: number | null;
}
