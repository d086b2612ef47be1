export { valuesFor } from './recipient.read-model';
export { countSegments } from './segments';
export { TemplatesModule } from './templates.module';
export { TemplatesService, type CompiledVersion } from './templates.service';
export { readTextValues } from './version-content';
