export { createUser } from './create-user';
export { identityEntities } from './entities';
export { IdentityModule } from './identity.module';
export type { Role } from './roles';
export { openSession } from './sessions.service';
export { SESSION_COOKIE } from './credentials';
