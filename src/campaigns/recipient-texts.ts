import { type TextLimits, textFaults } from '../delivery';
import { Fault } from '../platform/errors';
import { type CompiledVersion, countSegments, type TextMode, valuesFor } from '../templates';
import type { Recipient } from './audience.store';
import { Troubles } from './troubles';

type TemplateValues = ReturnType<typeof valuesFor>;

export interface RecipientText {
  readonly text: string;
  readonly segments: number;
}

/** What decides the texts of a campaign, beside the recipients. */
export interface TextPlan {
  readonly version: CompiledVersion;
  readonly values: Readonly<Record<string, string>>;
  /** By area id; goes before `values`. */
  readonly areaValues: ReadonlyMap<number, Readonly<Record<string, string>>>;
  /** Names of areas by id, as they stand in the register. */
  readonly areaNames: ReadonlyMap<number, string>;
  /** Of each gateway its texts may go through. */
  readonly limits: readonly { readonly gateway: string; readonly limits: TextLimits }[];
}

/**
 * The texts of a campaign, recipient by recipient, and what stands in the way of some of them. Made for an audience of any
 * size: nothing is kept of a text, and of a trouble its count and the first recipients who have it.
 */
export class RecipientTexts {
  readonly troubles = new Troubles();
  private readonly merged = new Map<number, Readonly<Record<string, string>>>();

  constructor(private readonly plan: TextPlan) {
    for (const [areaId, values] of plan.areaValues) this.merged.set(areaId, { ...plan.values, ...values });
  }

  /** Undefined when the recipient lacks a value; then it is among the troubles. */
  valuesOf(recipient: Recipient): TemplateValues | undefined {
    const { version, values, areaNames } = this.plan;
    const { fullName, hamlet, areaId, subscriberId } = recipient;
    const fields = { fullName, hamlet, areaName: areaNames.get(areaId) ?? null };
    const found = valuesFor(version.variables, fields, this.merged.get(areaId) ?? values);
    const compiled = version.inLanguage(recipient.language);
    const lacking = compiled.missing(found);
    for (const name of lacking) this.troubles.note('missing', name, subscriberId);
    const unfit = lacking.length > 0 ? [] : compiled.unfit(found);
    for (const name of unfit) this.troubles.note('unfit', name, subscriberId);
    return lacking.length > 0 || unfit.length > 0 ? undefined : found;
  }

  /**
   * Undefined when there is none, or when a gateway it may go through would refuse it; then it is among the troubles.
   *
   * @param options `isTrouble`: false for a text that is only looked at, which may be one that the gateway would refuse
   */
  textOf(
    recipient: Recipient,
    values: TemplateValues,
    mode: TextMode,
    { isTrouble = true }: { isTrouble?: boolean } = {},
  ): RecipientText | undefined {
    try {
      const text = this.plan.version.inLanguage(recipient.language).render(values, mode);
      const count = countSegments(text);
      let isRefused = false;
      for (const { gateway, limits } of isTrouble ? this.plan.limits : []) {
        for (const fault of textFaults(limits, text, count)) {
          this.troubles.note(fault, gateway, recipient.subscriberId);
          isRefused = true;
        }
      }
      return isRefused ? undefined : { text, segments: count.segments };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (isTrouble) this.troubles.note(error.code, mode, recipient.subscriberId);
      return undefined;
    }
  }
}
