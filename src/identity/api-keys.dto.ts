import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { type Role, ROLES } from './roles';

export class NewApiKeyRequest {
  @ApiProperty({ example: 'Cổng thông tin điện tử', description: 'Which program uses the key; 1 to 100 characters.' })
  @Matches(/^(?! )\P{C}{1,100}(?<! )$/u, {
    context: {
      vi: 'từ 1 đến 100 ký tự, không có dấu cách ở đầu hay cuối.',
      en: '1 to 100 characters, no space at either end.',
    },
  })
  name: string;

  @ApiProperty({ enum: ROLES, description: 'Without what only people do: approving, accounts, keys.' })
  @IsIn(ROLES)
  role: Role;
}

export class ApiKeyView {
  @ApiProperty()
  id: number;

  @ApiProperty({ example: 'Cổng thông tin điện tử' })
  name: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ description: 'The id of the person answerable for it.' })
  createdBy: number;

  @ApiProperty({ example: '2021-05-20T08:00:00+07:00' })
  createdAt: string;

  @ApiProperty({ type: String, nullable: true, description: 'To the minute.' })
  lastUsedAt: string | null;

  @ApiProperty({ type: String, nullable: true })
  revokedAt: string | null;
}

export class NewApiKeyView extends ApiKeyView {
  @ApiProperty({ example: 'tl_…', description: 'Shown this once only. Send it as `Authorization: Bearer tl_…`.' })
  key: string;
}

export class ApiKeyList {
  @ApiProperty({ type: [ApiKeyView] })
  items: ApiKeyView[];
}
