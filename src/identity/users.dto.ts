import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IfGiven } from '../platform/http/if-given';
import { type Role, ROLES } from './roles';

export class NewUserRequest {
  @ApiProperty({ example: 'an.nguyen', description: 'a–z, 0–9, . _ -' })
  @IsString()
  @MaxLength(100)
  username: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  @IsString()
  @MaxLength(400)
  fullName: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role: Role;

  @ApiProperty({ format: 'password', minLength: 12, maxLength: 200 })
  @IsString()
  @MaxLength(1000)
  password: string;

  @ApiPropertyOptional({ example: '0912 345 678', description: 'A mobile number; test sends go there.' })
  @IfGiven()
  @IsString()
  @MaxLength(30)
  phone?: string;
}

export class UserChangeRequest {
  @ApiPropertyOptional({ enum: ROLES })
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ example: 'Nguyễn Văn An' })
  @IfGiven()
  @IsString()
  @MaxLength(400)
  fullName?: string;

  @ApiPropertyOptional({ description: 'true ends the sessions of the account and rests its API keys.' })
  @IfGiven()
  @IsBoolean()
  disabled?: boolean;

  @ApiPropertyOptional({ format: 'password', minLength: 12, maxLength: 200, description: 'Ends the sessions.' })
  @IfGiven()
  @IsString()
  @MaxLength(1000)
  password?: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: '0912 345 678', description: 'null removes it.' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(30)
  phone?: string | null;
}

export class UserView {
  @ApiProperty()
  id: number;

  @ApiProperty({ example: 'an.nguyen' })
  username: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  fullName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty()
  disabled: boolean;

  @ApiProperty({ type: String, nullable: true, example: '+84912345678', description: 'Where test sends go.' })
  phone: string | null;

  @ApiProperty({ example: '2021-05-20T08:00:00+07:00' })
  createdAt: string;
}

export class UserList {
  @ApiProperty({ type: [UserView] })
  items: UserView[];
}

export class ColleagueView {
  @ApiProperty({ example: 2 })
  id: number;

  @ApiProperty({ example: 'user:2', description: 'As it stands in campaigns and in the audit log.' })
  actor: string;

  @ApiProperty({ example: 'Nguyễn Văn An' })
  fullName: string;

  @ApiProperty({ enum: ROLES })
  role: Role;

  @ApiProperty()
  isDisabled: boolean;
}
