import { ApiKey } from './api-key.entity';
import { Session } from './session.entity';
import { User } from './user.entity';

/** For openDatabase. */
export const identityEntities = [User, Session, ApiKey];
