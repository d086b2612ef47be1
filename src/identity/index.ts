export { checkPermissions } from './check-permissions';
export { createUser } from './create-user';
export { identityEntities } from './entities';
export { IdentityModule } from './identity.module';
export { PERMISSIONS, ROLES } from './roles';
export type { Permission, Role } from './roles';
export { openSession } from './sessions.service';
export { SESSION_COOKIE } from './credentials';
