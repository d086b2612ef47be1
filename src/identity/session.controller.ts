import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CookieOptions, Response } from 'express';
import { Config } from '../platform/config';
import { CurrentActor, Permit, Public } from '../platform/http/actor';
import type { Actor, AppRequest } from '../platform/http/actor';
import { credentialsNotValid } from './access.guard';
import { ActorFinder } from './actor-finder';
import { readCredentials, SESSION_COOKIE } from './credentials';
import type { Permission } from './roles';
import { refuseCrossOrigin } from './same-origin';
import { SessionView, SignInRequest } from './session.dto';
import { SessionsService } from './sessions.service';
import { SignInThrottle } from './sign-in-throttle';
import type { User } from './user.entity';
import { UsersService } from './users.service';

@ApiTags('session')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly actors: ActorFinder,
    private readonly config: Config,
  ) {}

  @Post()
  @Public()
  @HttpCode(200)
  @UseGuards(SignInThrottle)
  @ApiOperation({ summary: 'Đăng nhập / Sign in' })
  @ApiOkResponse({ type: SessionView })
  async signIn(
    @Body() { username, password }: SignInRequest,
    @Req() request: AppRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionView> {
    // Another site must not sign its visitor in as somebody else either.
    refuseCrossOrigin(request, this.config.PUBLIC_URL);
    const { user, token, expiresAt } = await this.sessions.signIn(username, password);
    response.cookie(SESSION_COOKIE, token, { ...this.cookieOptions(), expires: expiresAt });
    // Whom he stands in for is found out where every request finds it.
    const actor = await this.actors.find({ kind: 'session', token });
    if (!actor) throw credentialsNotValid();
    return viewOf(user, actor);
  }

  @Get()
  @Permit('session.own')
  @ApiOperation({ summary: 'Tôi là ai / Who am I' })
  @ApiOkResponse({ type: SessionView })
  async whoAmI(@CurrentActor() actor: Actor): Promise<SessionView> {
    return viewOf(await this.users.get(actor.personId!), actor);
  }

  @Delete()
  @Permit('session.own')
  @HttpCode(204)
  @ApiOperation({ summary: 'Đăng xuất / Sign out' })
  @ApiNoContentResponse()
  async signOut(
    @CurrentActor() actor: Actor,
    @Req() request: AppRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const credentials = readCredentials(request.headers);
    if (credentials.kind === 'session') await this.sessions.signOut(actor, credentials.token);
    response.clearCookie(SESSION_COOKIE, this.cookieOptions());
  }

  private cookieOptions(): CookieOptions {
    const secure = this.config.PUBLIC_URL?.startsWith('https:') ?? false;
    return { httpOnly: true, sameSite: 'strict', secure, path: '/' };
  }
}

function viewOf({ id, username, fullName, role, phone }: User, { permissions, standsInFor }: Actor): SessionView {
  const granted = [...permissions] as Permission[];
  return { id, username, fullName, role, phone, permissions: granted, standsInFor: [...standsInFor] };
}
