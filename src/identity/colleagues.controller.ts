import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Permit } from '../platform/http/actor';
import { ColleagueView } from './users.dto';
import { UsersService } from './users.service';

/** Names beside the ids of authors, approvers and deputies, for everybody; accounts themselves are the administrator's. */
@ApiTags('colleagues')
@Controller('api/v1/colleagues')
export class ColleaguesController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @Permit('colleagues.read')
  @ApiOperation({
    summary: 'Họ tên và vai trò theo mã, kể cả tài khoản đã khóa / Names and roles by id, disabled ones too',
  })
  @ApiOkResponse({ type: [ColleagueView] })
  all(): Promise<ColleagueView[]> {
    return this.users.colleagues();
  }
}
