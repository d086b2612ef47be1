export { appendAudit } from './audit';
export type { AuditDetails, AuditEntry } from './audit';
export { AuditModule } from './audit.module';
