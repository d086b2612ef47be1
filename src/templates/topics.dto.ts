import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { IfGiven } from '../platform/http/if-given';
import { CODE_FORM, IsNotBlank, IsOneLine } from '../platform/http/text-rules';

/** Longer than a year it would be no cap but a ban. */
const MOST_FATIGUE_DAYS = 365;

export class CreateLegalFieldDto {
  @ApiProperty({ example: 'road-traffic', description: 'Never changed and never reused' })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, CODE_FORM)
  @MaxLength(100)
  code: string;

  @ApiProperty({ example: 'Trật tự, an toàn giao thông đường bộ' })
  @IsString()
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  nameVi: string;

  @ApiProperty({ example: 'Road traffic order and safety' })
  @IsString()
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  nameEn: string;
}

export class CreateTopicDto extends CreateLegalFieldDto {
  @ApiPropertyOptional({
    example: 7,
    default: 1,
    minimum: 0,
    maximum: MOST_FATIGUE_DAYS,
    description: 'Nobody gets two texts on this topic within so many days; 0 for no such cap',
  })
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(MOST_FATIGUE_DAYS)
  fatigueDays?: number;
}

/** What is left out stays as it is. */
export class EditLegalFieldDto extends PartialType(OmitType(CreateLegalFieldDto, ['code']), {
  skipNullProperties: false,
}) {
  @ApiPropertyOptional({ description: 'An archived one cannot be chosen for a new template' })
  @IfGiven()
  @IsBoolean()
  archived?: boolean;
}

/** What is left out stays as it is. */
export class EditTopicDto extends PartialType(OmitType(CreateTopicDto, ['code']), { skipNullProperties: false }) {
  @ApiPropertyOptional({ description: 'An archived one cannot be chosen for a new template' })
  @IfGiven()
  @IsBoolean()
  archived?: boolean;
}
