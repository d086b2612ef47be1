import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { MESSAGE_STATES, type MessageState } from '../delivery';
import { IsId, toWholeNumber } from '../platform/http/ids';
import { PageQuery } from '../platform/http/paging';
import { LEFT_OUT_REASONS, type LeftOutReason } from './audience';
import { CAMPAIGN_STATES, type CampaignState } from './lifecycle';

export class CampaignsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CAMPAIGN_STATES, description: 'Such as `submitted`: what waits for an approval' })
  @IsOptional()
  @IsIn(CAMPAIGN_STATES)
  state?: CampaignState;

  @ApiPropertyOptional({ example: 'election' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  topic?: string;

  @ApiPropertyOptional({ type: Number, description: 'The account that is answerable for it' })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  ownerId?: number;
}

export class MessagesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: MESSAGE_STATES })
  @IsOptional()
  @IsIn(MESSAGE_STATES)
  state?: MessageState;

  @ApiPropertyOptional({ type: Number, description: 'Only what this person gets' })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  subscriberId?: number;
}

const REASONS = Object.keys(LEFT_OUT_REASONS) as LeftOutReason[];

export class LeftOutQuery extends PageQuery {
  @ApiProperty({ enum: REASONS })
  @IsIn(REASONS)
  reason: LeftOutReason;
}
