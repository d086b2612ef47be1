import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatLocalTime } from '../platform/clock';
import { CurrentActor, Permit } from '../platform/http/actor';
import type { Actor } from '../platform/http/actor';
import { IdParam } from '../platform/http/ids';
import type { User } from './user.entity';
import { NewUserRequest, UserChangeRequest, UserList, UserView } from './users.dto';
import { UsersService } from './users.service';

@ApiTags('users')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Permit('users.manage')
  @ApiOperation({ summary: 'Danh sách tài khoản / All accounts' })
  @ApiOkResponse({ type: UserList })
  async list(@CurrentActor() actor: Actor): Promise<UserList> {
    return { items: (await this.users.list(actor)).map(viewOf) };
  }

  @Post()
  @Permit('users.manage')
  @ApiOperation({ summary: 'Tạo tài khoản / Make an account' })
  @ApiCreatedResponse({ type: UserView })
  async create(@CurrentActor() actor: Actor, @Body() body: NewUserRequest): Promise<UserView> {
    return viewOf(await this.users.create(actor, body));
  }

  @Patch(':id')
  @Permit('users.manage')
  @ApiOperation({ summary: 'Sửa, khóa, đổi mật khẩu / Change, disable, set a new password' })
  @ApiOkResponse({ type: UserView })
  async change(
    @CurrentActor() actor: Actor,
    @Param() { id }: IdParam,
    @Body() body: UserChangeRequest,
  ): Promise<UserView> {
    return viewOf(await this.users.change(actor, id, body));
  }
}

function viewOf({ id, username, fullName, role, disabledAt, phone, createdAt }: User): UserView {
  return { id, username, fullName, role, disabled: disabledAt !== null, phone, createdAt: formatLocalTime(createdAt) };
}
