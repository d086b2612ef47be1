export { stripAccents, type TextMode } from './accents';
export { type Language, LANGUAGES } from './languages';
export { type RecipientFields, valuesFor } from './recipient.read-model';
export { type TemplateValues } from './render';
export { countSegments } from './segments';
export { TemplatesModule } from './templates.module';
export { type CompiledVersion, TemplatesService } from './templates.service';
export { ucs2Characters } from './ucs2-characters';
export { readTextValues } from './version-content';
