import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
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

export class SessionView {
  @ApiProperty()
  id: number;

  @ApiProperty({ example: 'an.nguyen' })
  username: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  fullName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '+84912345678',
    description: 'Where test sends go; an administrator enters it.',
  })
  phone: string | null;

  @ApiProperty({ enum: Object.keys(PERMISSIONS), isArray: true })
  permissions: Permission[];

  @ApiProperty({ type: [Number], description: 'Ids of the approvers in whose place this person approves today.' })
  standsInFor: number[];
}
