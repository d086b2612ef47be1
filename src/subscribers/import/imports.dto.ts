import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsISO8601,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IsId, MOST_ID, toWholeNumber } from '../../platform/http/ids';
import { IfGiven } from '../../platform/http/if-given';
import { PageQuery } from '../../platform/http/paging';
import { DAY_FORM, IsNotBlank, IsOneLine } from '../../platform/http/text-rules';
import { ROW_VERDICTS, type RowVerdict } from './import-rows.read-model';
import { MERGE_POLICIES, type MergePolicy } from './import-settings';
import { type Coding, TEXT_CODINGS } from './legacy/text-coding';

const CODINGS = ['unicode', ...TEXT_CODINGS] as const;
const COLUMN_FORM = {
  context: { vi: 'chữ cái của cột trong Excel, như C.', en: "Excel's letters of a column, as C." },
};
const LONGEST_WAIT_SECONDS = 60;
/** Most files are done in less; whoever has a larger one looks again. */
const USUAL_WAIT_SECONDS = 20;

/** In forms and addresses everything is text. */
const toBoolean = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

export class WaitQuery {
  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: LONGEST_WAIT_SECONDS,
    default: USUAL_WAIT_SECONDS,
    description: 'Seconds to wait for the work to end before it is answered how far it is',
  })
  @toWholeNumber()
  @IsInt()
  @Min(0)
  @Max(LONGEST_WAIT_SECONDS)
  wait: number = USUAL_WAIT_SECONDS;
}

const aColumn =
  (description?: string): PropertyDecorator =>
  (target, name) => {
    for (const decorate of [
      ApiPropertyOptional({ example: 'C', description }),
      IfGiven(),
      Matches(/^[A-Z]{1,3}$/, COLUMN_FORM),
    ]) {
      decorate(target, name);
    }
  };

class ColumnsDto {
  @ApiProperty({ example: 'C' })
  @Matches(/^[A-Z]{1,3}$/, COLUMN_FORM)
  phone: string;

  @aColumn()
  fullName?: string;

  @aColumn()
  givenName?: string;

  @aColumn()
  area?: string;

  @aColumn()
  district?: string;

  @aColumn()
  hamlet?: string;

  @aColumn('The language a person wishes to be texted in; a column of ethnicity is refused')
  language?: string;
}

/** How a file is to be read and taken. Null goes back to what is guessed. */
export class UploadChoiceDto {
  @ApiPropertyOptional({ enum: MERGE_POLICIES, description: 'What the file may do to what is known of a subscriber' })
  @IfGiven()
  @IsIn(MERGE_POLICIES)
  mergePolicy?: MergePolicy;

  @ApiPropertyOptional({ type: Boolean, description: 'Takes numbers of ranges that are not known to be in use' })
  @IfGiven()
  @toBoolean()
  @IsBoolean()
  takeUnfamiliarRanges?: boolean;

  @ApiPropertyOptional({ type: String, description: 'The name of a sheet' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  sheet?: string | null;

  @ApiPropertyOptional({ enum: CODINGS, description: 'How the letters of the file are encoded' })
  @IsOptional()
  @IsIn(CODINGS)
  coding?: Coding | null;

  @ApiPropertyOptional({ type: Number, description: 'The row of the titles; 0 for none' })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(0)
  @Max(1_000)
  headerRow?: number | null;

  @ApiPropertyOptional({
    example: '2021-05-04',
    description: 'The day the list is of; its areas are those of that day',
  })
  @IsOptional()
  @Matches(/^(19|20)\d\d-\d\d-\d\d$/, DAY_FORM)
  @IsISO8601({ strict: true }, DAY_FORM)
  listDay?: string | null;

  @ApiPropertyOptional({ example: 'UBND xã Ba Chúc', description: 'Who made the list' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @IsOneLine()
  source?: string | null;

  @ApiPropertyOptional({ example: 'Luật Bầu cử 2015', description: "The law, where it is another than the list's" })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  legalBasis?: string | null;
}

export class ChoiceDto extends UploadChoiceDto {
  @ApiPropertyOptional({ type: ColumnsDto, description: 'Every column that is to be taken' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ColumnsDto)
  columns?: ColumnsDto | null;

  @ApiPropertyOptional({
    example: 'Điều … Luật Phòng, chống bệnh truyền nhiễm',
    description: 'The law by which data on health, sanctions or ethnicity may be on file here',
  })
  @IsOptional()
  @IsString()
  @MinLength(10)
  @MaxLength(1_000)
  @IsNotBlank()
  sensitiveBasis?: string | null;
}

export class ConfirmDto {
  @ApiProperty({ description: 'The `revision` of the analysis that was looked at' })
  @IsInt()
  @Min(1)
  @Max(MOST_ID)
  revision: number;
}

export class UndoDto {
  @ApiProperty({ example: 'Nhập nhầm danh sách của xã khác' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  @IsNotBlank()
  reason: string;
}

export class ImportsQuery extends PageQuery {
  @ApiPropertyOptional({ type: Number })
  @IsOptional()
  @toWholeNumber()
  @IsId()
  listId?: number;
}

export class RowsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ROW_VERDICTS })
  @IsOptional()
  @IsIn(ROW_VERDICTS)
  verdict?: RowVerdict;

  @ApiPropertyOptional({ example: 'too-short' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,40}$/)
  code?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only rows of which something is to be said' })
  @IsOptional()
  @toBoolean()
  @IsBoolean()
  onlyFindings?: boolean;

  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @toBoolean()
  @IsBoolean()
  optedOut?: boolean;
}
