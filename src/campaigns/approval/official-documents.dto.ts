import { ApiProperty } from '@nestjs/swagger';
import { IsISO8601, IsString, Matches, MaxLength } from 'class-validator';
import { DAY_FORM, IsNotBlank, IsOneLine } from '../../platform/http/text-rules';

export class NewDocumentDto {
  @ApiProperty({ example: '12/STP-PBGDPL', description: 'Number and symbol as they stand on the paper' })
  @IsString()
  @MaxLength(100)
  @IsNotBlank()
  @IsOneLine()
  number: string;

  @ApiProperty({ example: '2021-05-04', description: 'The day on the paper' })
  @Matches(/^(19|20)\d\d-\d\d-\d\d$/, DAY_FORM)
  @IsISO8601({ strict: true }, DAY_FORM)
  issuedOn: string;

  @ApiProperty({ example: 'Giám đốc Nguyễn Văn An', description: 'Who signed it' })
  @IsString()
  @MaxLength(200)
  @IsNotBlank()
  @IsOneLine()
  signer: string;
}
