import { hasPlainForm, stripAccents, type TextMode } from './accents';
import type { CompiledTemplate, TemplateValues } from './render';
import { countSegments, type SegmentCount } from './segments';
import { ucs2Characters, type Ucs2Characters, withoutSurprises } from './ucs2-characters';

export interface TextPreview extends SegmentCount {
  readonly text: string;
  /** What keeps the text out of GSM-7; nothing when it is in it. */
  readonly ucs2: Ucs2Characters;
}

/** One recipient's text in both modes, side by side, so that the price of the accents is seen. */
export type Preview = Readonly<Record<TextMode, TextPreview>>;

/** What becomes of a text that somebody typed. */
export interface TextCheck extends Preview {
  /** In NFC, the form in which everything is kept and sent. */
  readonly text: string;
  readonly wasNfc: boolean;
  /** With everything replaced that office software brings in (curly quotes, special spaces, …), accents kept. */
  readonly replaced: string;
}

/**
 * Renders one recipient's text as it would be sent.
 *
 * @throws Fault as {@link CompiledTemplate.render} does.
 */
export function previewText(compiled: CompiledTemplate, values: TemplateValues): Preview {
  return {
    accented: described(compiled.render(values)),
    unaccented: described(compiled.render(values, 'unaccented')),
  };
}

export function checkText(typed: string): TextCheck {
  const text = typed.normalize('NFC');
  return {
    text,
    wasNfc: text === typed,
    replaced: withoutSurprises(text),
    accented: described(text),
    unaccented: described(hasPlainForm(text) ? stripAccents(text) : text),
  };
}

function described(text: string): TextPreview {
  return { text, ...countSegments(text), ucs2: ucs2Characters(text) };
}
