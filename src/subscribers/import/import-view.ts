import type { Language } from '../../platform/errors';
import { allowedActs, type ImportAct } from './import-lifecycle';
import type { ImportRecord } from './imports.store';

/** An import as people see it. */
export interface ImportView extends Omit<ImportRecord, 'fault' | 'progressRows'> {
  readonly allowedActs: readonly ImportAct[];
  /** Rows done of the present work; of the reading it is not known how many there are. */
  readonly progress: { readonly rows: number };
  /** Why the last work came to nothing, in the reader's language. */
  readonly fault: { readonly code: string; readonly message: string } | null;
}

export function importView({ fault, progressRows, ...record }: ImportRecord, language: Language): ImportView {
  return {
    ...record,
    allowedActs: allowedActs(record.state).filter((act) => act !== 'confirm' || !(fault && record.rows === 0)),
    progress: { rows: progressRows },
    fault: fault && { code: fault.code, message: fault.text[language] },
  };
}
