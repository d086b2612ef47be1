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
  @ApiProperty({ example: 'an.nguyen' })
  username: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  fullName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty({ enum: Object.keys(PERMISSIONS), isArray: true })
  permissions: Permission[];
}
