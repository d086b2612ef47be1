import { searchKey } from '../vietnamese-text';

/** Sensitive personal data a notice needs nothing of (Law 91/2025/QH15 and Decree 356/2025/NĐ-CP: health, offences, ethnicity). */
export type SensitiveKind = 'health' | 'sanction' | 'ethnicity';

export interface SensitiveColumn {
  /** 0-based; null where the title of the whole list says it. */
  readonly column: number | null;
  readonly title: string;
  readonly kind: SensitiveKind;
}

const HEALTH =
  /\b(?:cach ly|duong tinh|am tinh|xet nghiem|benh(?! vien)|f[01]|suc khoe|tiem chung|tiem vac xin|mui tiem|vac xin|vaccine|khuyet tat|hiv|aids|ma tuy|nghien|tam than|thai san|mang thai|dieu tri|trieu chung|covid(?: 19)?)\b/;
const SANCTION =
  /\b(?:vi pham|xu phat|tien phat|muc phat|nop phat|bi phat|hinh phat|an phat|tien an|an tich|ban an|khoi to|truy na|bi can|bi cao|cai nghien|quyet dinh phat|pham toi|toi danh)\b/;
/** But neither a language of minorities nor a boarding school for their children. */
const ETHNICITY = /\b(?:(?<!\b(?:tieng|ngon ngu) )dan toc(?! noi tru)|sac toc|ethnic|ethnicity)\b/;
/** What a list says of the people on it, and not what the texts are to be about. */
const LIST_OF_THEM =
  /\b(?:dang|da|bi|dien|truong hop|doi tuong|nguoi)(?: (?:dang|da|bi|thuoc|dien))* (?:cach ly|nhiem|mac|duong tinh|xu phat|vi pham|nghien)\b|\b(?:benh nhan|f[01])\b/;

/**
 * Columns whose titles look like data on health, sanctions or ethnicity, and titles that say as much of everybody on the list. Such
 * a file is not taken unless an administrator records the legal basis.
 *
 * @param titles of the columns, as the header has them
 * @param headings the file's name, the sheet's name and the titles above the header
 */
export function sensitiveColumns(titles: readonly string[], headings: readonly string[]): SensitiveColumn[] {
  const ofColumns = titles.flatMap((title, column): SensitiveColumn[] => {
    const kind = kindOfColumn(title);
    return kind ? [{ column, title, kind }] : [];
  });
  const ofList = headings.flatMap((title): SensitiveColumn[] => {
    const key = searchKey(title);
    if (!LIST_OF_THEM.test(key)) return [];
    return [{ column: null, title: title.slice(0, 200), kind: SANCTION.test(key) ? 'sanction' : 'health' }];
  });
  return [...ofColumns, ...ofList];
}

/** Ethnicity is sensitive data, and no hint at a language: what somebody wishes to be texted in, only he can say. */
export function namesEthnicity(title: string): boolean {
  return ETHNICITY.test(searchKey(title));
}

function kindOfColumn(title: string): SensitiveKind | undefined {
  const key = searchKey(title);
  if (SANCTION.test(key)) return 'sanction';
  if (HEALTH.test(key)) return 'health';
  return ETHNICITY.test(key) ? 'ethnicity' : undefined;
}
