import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { PERMISSIONS, type Permission, type Role, ROLES } from './roles';

export class SignInRequest {
  @ApiProperty({ example: 'an.nguyen' })
  @IsString()
  @MaxLength(200)
  username: string;

  @ApiProperty({ format: 'password' })
  @IsString()
  @MaxLength(1000)
  password: string;
}

export class OwnPhoneRequest {
  @ApiProperty({ type: String, nullable: true, example: '0912 345 678', description: 'null removes it.' })
  @ValidateIf((_, value) => value !== null)
  @IsString()
  @MinLength(1)
  @MaxLength(30)
  phone: string | null;
}

export class SessionView {
  @ApiProperty()
  id: number;

  @ApiProperty({ example: 'an.nguyen' })
  username: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  fullName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ type: String, nullable: true, example: '+84912345678', description: 'Where test sends go.' })
  phone: string | null;

  @ApiProperty({ enum: Object.keys(PERMISSIONS), isArray: true })
  permissions: Permission[];

  @ApiProperty({ type: [Number], description: 'Ids of the approvers in whose place this person approves today.' })
  standsInFor: number[];
}
