import { Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { PERMISSION, PUBLIC } from '../platform/http/actor';
import { PERMISSIONS } from './roles';

export interface RouteAccess {
  /** `AuditController.search` */
  readonly name: string;
  readonly isPublic: boolean;
  readonly permission: string | undefined;
}

/** What is wrong with who may call what: one sentence for each route. */
export function faultsOfAccess(routes: readonly RouteAccess[]): string[] {
  return routes.flatMap(({ name, isPublic, permission }) => {
    if (isPublic && permission !== undefined) return [`${name} has both @Public() and @Permit(): keep one`];
    if (!isPublic && permission === undefined)
      return [`${name} has neither @Public() nor @Permit(): nobody could call it`];
    if (permission !== undefined && !Object.hasOwn(PERMISSIONS, permission)) {
      return [`${name} asks for the permission "${permission}", which is not in the table of src/identity/roles.ts`];
    }
    return [];
  });
}

/** @throws naming every route of the application whose access is not settled. */
export function checkPermissions(app: Pick<ModuleRef, 'get'>): void {
  const discovery = app.get(DiscoveryService, { strict: false });
  const scanner = app.get(MetadataScanner, { strict: false });
  const routes = discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const handlers = metatype.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(handlers)
      .map((method) => ({ method, handler: handlers[method]! }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler))
      .map(({ method, handler }) => ({
        name: `${metatype.name}.${method}`,
        isPublic: Reflect.getMetadata(PUBLIC, handler) === true,
        permission: Reflect.getMetadata(PERMISSION, handler) as string | undefined,
      }));
  });
  const faults = faultsOfAccess(routes);
  if (faults.length > 0)
    throw new Error(`Access is not settled for ${faults.length} route(s):\n- ${faults.join('\n- ')}`);
}

/** Refuses to start an application with an unguarded route. */
@Injectable()
export class PermissionCheck implements OnApplicationBootstrap {
  constructor(private readonly moduleRef: ModuleRef) {}

  onApplicationBootstrap(): void {
    checkPermissions(this.moduleRef);
  }
}
