export { appendAudit } from './audit';
export { AuditModule } from './audit.module';
