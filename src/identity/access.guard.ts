import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { Config } from '../platform/config';
import { Fault, fault } from '../platform/errors';
import { Actor, AppRequest, PERMISSION, PUBLIC } from '../platform/http/actor';
import { ActorFinder } from './actor-finder';
import { readCredentials } from './credentials';
import { ONLY_FOR_PEOPLE, Permission } from './roles';
import { refuseCrossOrigin } from './same-origin';

export const notSignedIn = fault('unauthenticated', 'access.not-signed-in', {
  vi: 'Bạn chưa đăng nhập. Hãy đăng nhập tại /api/v1/session, hoặc gửi khóa API trong tiêu đề Authorization.',
  en: 'You are not signed in. Sign in at /api/v1/session, or send an API key in the Authorization header.',
});
export const credentialsNotValid = fault('unauthenticated', 'access.credentials-not-valid', {
  vi: 'Phiên làm việc đã hết hạn hoặc khóa API không còn hiệu lực. Hãy đăng nhập lại hoặc dùng khóa khác.',
  en: 'The session has ended, or the API key is not valid (any more). Sign in again or use another key.',
});
export const notPermitted = fault('forbidden', 'access.not-permitted', {
  vi: 'Vai trò của bạn không được làm việc này (cần quyền {permission}). Hãy hỏi quản trị viên.',
  en: 'Your role may not do this (it takes the permission {permission}). Ask an administrator.',
});
export const onlyForPeople = fault('forbidden', 'access.only-for-people', {
  vi: 'Việc này phải do một người đăng nhập tự làm, không dùng khóa API (quyền {permission}).',
  en: 'A signed-in person has to do this, an API key cannot (permission {permission}).',
});

/** Guards every handler of the application: who is not permitted is denied, also where somebody forgot to say so. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly actors: ActorFinder,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (this.reflector.get<true | undefined>(PUBLIC, handler)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<AppRequest>();
    const credentials = readCredentials(request.headers);
    const actor = await this.actors.find(credentials);
    if (!actor) {
      // A 401 must name a scheme, RFC 9110 §15.5.2.
      http.getResponse<Response>().setHeader('WWW-Authenticate', 'Bearer');
      throw credentials.kind === 'none' ? notSignedIn() : credentialsNotValid();
    }
    // Browsers add cookies by themselves, keys they do not.
    if (credentials.kind === 'session') refuseCrossOrigin(request, this.config.PUBLIC_URL);
    request.actor = actor;
    request.actorNow = () => this.actors.find(credentials);
    const refusal = refusalOf(actor, this.reflector.get<Permission | undefined>(PERMISSION, handler));
    if (refusal) throw refusal;
    return true;
  }
}

function refusalOf(actor: Actor, permission: Permission | undefined): Fault | undefined {
  if (permission !== undefined && actor.permissions.has(permission)) return undefined;
  const isKey = actor.id.startsWith('key:');
  if (isKey && permission !== undefined && ONLY_FOR_PEOPLE.has(permission)) return onlyForPeople({ permission });
  return notPermitted({ permission: permission ?? '?' });
}
