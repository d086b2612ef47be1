export type { TextMode } from './accents';
export { valueOrDefault, valuesFor } from './recipient.read-model';
export { countSegments } from './segments';
export { TemplatesModule } from './templates.module';
export { type CompiledVersion, TemplatesService } from './templates.service';
export { readTextValues } from './version-content';
