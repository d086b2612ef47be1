import type { TextMode } from './accents';
import type { CompiledTemplate, TemplateValues } from './render';
import { countSegments, type SegmentCount } from './segments';

export interface TextPreview extends SegmentCount {
  readonly text: string;
}

/** One recipient's text in both modes, side by side, so that the price of the accents is seen. */
export type Preview = Readonly<Record<TextMode, TextPreview>>;

/**
 * Renders one recipient's text as it would be sent.
 *
 * @throws Fault as {@link CompiledTemplate.render} does.
 */
export function previewText(compiled: CompiledTemplate, values: TemplateValues): Preview {
  return { accented: previewIn('accented', compiled, values), unaccented: previewIn('unaccented', compiled, values) };
}

function previewIn(mode: TextMode, compiled: CompiledTemplate, values: TemplateValues): TextPreview {
  const text = compiled.render(values, mode);
  return { text, ...countSegments(text) };
}
