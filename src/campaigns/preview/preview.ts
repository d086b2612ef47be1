import type { FieldFault } from '../../platform/errors';
import type { CompiledVersion, TextMode } from '../../templates';
import type { AudienceCounts } from '../audience';
import type { Recipient } from '../audience.store';
import type { ForecastTimes } from '../running/forecast-view';
import type { RecipientText, RecipientTexts } from '../recipient-texts';
import { asFieldFault } from '../troubles';

/** One recipient's texts side by side; null where there is none. */
export interface Sample {
  readonly subscriberId: number;
  readonly fullName: string | null;
  readonly language: Recipient['language'];
  readonly accented: RecipientText | null;
  readonly unaccented: RecipientText | null;
}

/** What the whole campaign would be in one mode. */
export interface ModeTotals {
  /** Recipients with a text. */
  readonly messages: number;
  readonly segments: number;
  /** At the dearest gateway its texts may go through; null while nobody has entered the price of one of them. */
  readonly costVnd: number | null;
  /** How many texts have one segment, two, …: {"1": 36000, "2": 1400}. */
  readonly bySegments: Readonly<Record<string, number>>;
}

export interface CampaignPreview {
  readonly audience: AudienceCounts;
  readonly modes: Readonly<Record<TextMode, ModeTotals>>;
  /** In the mode the campaign is set to. */
  readonly longest: Sample | null;
  readonly shortest: Sample | null;
  /** The first recipients whose text differs from all others by something missing or refused. */
  readonly troubled: readonly Sample[];
  /** When it would be sent, in the mode it is set to, at the gateway's rate; null while nobody has a text. */
  readonly forecast: ForecastTimes | null;
  /** What keeps recipients from being texted, each with its count and first recipients. */
  readonly troubles: readonly FieldFault[];
  /** Rules that are not kept yet: what is left to do before it can be submitted. */
  readonly unmet: readonly FieldFault[];
}

const MODES: readonly TextMode[] = ['accented', 'unaccented'];
const MOST_TROUBLED = 10;

/** Renders recipient after recipient in both modes and keeps what a person wants to see of them all. */
export class PreviewCount {
  private readonly totals = { accented: new ModeCount(), unaccented: new ModeCount() };
  private longest: Sample | null = null;
  private shortest: Sample | null = null;
  private readonly troubled: Sample[] = [];

  constructor(
    private readonly texts: RecipientTexts,
    private readonly mode: TextMode,
  ) {}

  add(recipient: Recipient): void {
    const sample = sampleOf(this.texts, recipient, this.mode);
    for (const mode of MODES) this.totals[mode].add(sample[mode]);
    const length = sample[this.mode]?.text.length;
    if (length === undefined) {
      if (this.troubled.length < MOST_TROUBLED) this.troubled.push(sample);
      return;
    }
    if (length > (this.longest?.[this.mode]?.text.length ?? -1)) this.longest = sample;
    if (length < (this.shortest?.[this.mode]?.text.length ?? Infinity)) this.shortest = sample;
  }

  result(
    audience: AudienceCounts,
    version: CompiledVersion,
    vndPerSegment: number | null,
  ): Omit<CampaignPreview, 'forecast' | 'unmet'> {
    return {
      audience,
      modes: {
        accented: this.totals.accented.totals(vndPerSegment),
        unaccented: this.totals.unaccented.totals(vndPerSegment),
      },
      longest: this.longest,
      shortest: this.shortest,
      troubled: this.troubled,
      troubles: this.texts.troubles.all().map((trouble) => asFieldFault(trouble, version)),
    };
  }
}

/**
 * One recipient's texts in both modes. Only what is wrong in the mode the campaign is set to counts as a trouble.
 */
export function sampleOf(texts: RecipientTexts, recipient: Recipient, mode: TextMode): Sample {
  const { subscriberId, fullName, language } = recipient;
  const values = texts.valuesOf(recipient);
  const textIn = (one: TextMode): RecipientText | null =>
    (values && texts.textOf(recipient, values, one, { isTrouble: one === mode })) ?? null;
  return { subscriberId, fullName, language, accented: textIn('accented'), unaccented: textIn('unaccented') };
}

class ModeCount {
  private messages = 0;
  private segments = 0;
  private readonly bySegments: Record<string, number> = {};

  add(text: RecipientText | null): void {
    if (!text) return;
    this.messages += 1;
    this.segments += text.segments;
    this.bySegments[text.segments] = (this.bySegments[text.segments] ?? 0) + 1;
  }

  totals(vndPerSegment: number | null): ModeTotals {
    const { messages, segments, bySegments } = this;
    return { messages, segments, costVnd: vndPerSegment === null ? null : segments * vndPerSegment, bySegments };
  }
}
