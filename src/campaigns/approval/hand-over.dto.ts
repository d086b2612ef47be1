import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsId, toWholeNumber } from '../../platform/http/ids';

/** Why: codes, because the audit log, where they are kept, takes no free text about a person. */
const HAND_OVER_REASONS = ['left', 'moved', 'absent', 'reassigned'] as const;
export type HandOverReason = (typeof HAND_OVER_REASONS)[number];

export class OpenWorkQuery {
  @ApiProperty()
  @toWholeNumber()
  @IsId()
  fromUserId: number;
}

export class HandOverDto {
  @ApiProperty({ description: 'Whose campaigns: yours, or as an administrator anybody’s' })
  @IsId()
  fromUserId: number;

  @ApiProperty({ description: 'A member of staff who is answerable from now on' })
  @IsId()
  toUserId: number;

  @ApiProperty({
    enum: HAND_OVER_REASONS,
    description: 'left: nghỉ việc; moved: chuyển công tác; absent: vắng mặt dài ngày; reassigned: phân công lại',
  })
  @IsIn(HAND_OVER_REASONS)
  reason: HandOverReason;
}
