import { createParamDecorator, ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import type { Language } from '../errors';

/** Who is acting: a signed-in person, a program with an API key, or the service itself. */
export interface Actor {
  /** `user:3`, `key:5` or `system`: what the audit log records. */
  readonly id: string;
  /** The person answerable: the user, or the one who made the key. The same person cannot be author and approver. */
  readonly personId: number | null;
  readonly permissions: ReadonlySet<string>;
  /** The persons in whose place he may approve today, as their deputy; nobody for a program. */
  readonly standsInFor: readonly number[];
}

export const SYSTEM: Actor = { id: 'system', personId: null, permissions: new Set(), standsInFor: [] };

/** What the middlewares and the guard put on every request. */
export interface AppRequest extends Request {
  requestId: string;
  language: Language;
  actor?: Actor;
  /** Who the caller is by now: nobody once his session or key has ended. For answers that take long. */
  actorNow?: () => Promise<Actor | undefined>;
}

export const PERMISSION = 'tinluat:permission';
export const PUBLIC = 'tinluat:public';

/** Who may call a handler, by a permission of the one table in identity. A handler without it is refused to everyone. */
export const Permit = (permission: string): MethodDecorator => SetMetadata(PERMISSION, permission);

/** A handler for callers who are not signed in: health, sign-in, gateways' receipts (which carry their own proof). */
export const Public = (): MethodDecorator => SetMetadata(PUBLIC, true);

export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = context.switchToHttp().getRequest<AppRequest>().actor;
  if (!actor) throw new Error('a handler asked for the actor of a public route');
  return actor;
});

export const CurrentLanguage = createParamDecorator(
  (_: unknown, context: ExecutionContext): Language => context.switchToHttp().getRequest<AppRequest>().language,
);
