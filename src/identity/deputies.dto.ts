import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsString, Matches, MaxLength } from 'class-validator';
import { IsId } from '../platform/http/ids';
import { IfGiven } from '../platform/http/if-given';
import { DAY_FORM, IsNotBlank } from '../platform/http/text-rules';

const DAY = /^(19|20)\d\d-\d\d-\d\d$/;

export class NewDeputyRequest {
  @ApiProperty({ description: 'The member of staff who approves in the meantime.' })
  @IsId()
  deputyId: number;

  @ApiPropertyOptional({ description: 'In whose place: an administrator says, an approver means himself.' })
  @IfGiven()
  @IsId()
  approverId?: number;

  @ApiProperty({ example: '2026-12-01', description: "The first day, in Vietnam's time." })
  @Matches(DAY, DAY_FORM)
  @IsISO8601({ strict: true }, DAY_FORM)
  validFrom: string;

  @ApiProperty({ example: '2026-12-05', description: 'The last day, included.' })
  @Matches(DAY, DAY_FORM)
  @IsISO8601({ strict: true }, DAY_FORM)
  validTo: string;

  @ApiProperty({ example: 'Đi công tác theo Quyết định số 12/QĐ-STP' })
  @IsString()
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}
