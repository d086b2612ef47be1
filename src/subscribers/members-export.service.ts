import { Transform } from 'node:stream';
import { Injectable, type StreamableFile } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import type { Language } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { csvDownload } from '../platform/http/csv-download';
import { ListsService } from './lists.service';
import { auditDetails, filterOf } from './members.service';
import { displayPhone } from './phone-number';
import { filterCondition, type Selection } from './selection';
import { sizeOfSelection } from './subscribers.read-model';
import { LANGUAGE_NAMES, type TextLanguage } from './text-language';

interface MemberRow {
  readonly phone: string;
  readonly fullName: string | null;
  readonly area: string | null;
  readonly hamlet: string | null;
  readonly language: TextLanguage | null;
  readonly optedOut: boolean;
}

/** Titles that an import of the same file understands. */
const HEADERS: Readonly<Record<Language, Readonly<Record<keyof MemberRow, string>>>> = {
  vi: {
    fullName: 'Họ và tên',
    phone: 'Số điện thoại',
    area: 'Xã/phường',
    hamlet: 'Ấp/khóm',
    language: 'Ngôn ngữ nhận tin',
    optedOut: 'Từ chối nhận tin',
  },
  en: {
    fullName: 'Full name',
    phone: 'Phone number',
    area: 'Commune',
    hamlet: 'Hamlet',
    language: 'Language of texts',
    optedOut: 'Opted out',
  },
};
const YES: Readonly<Record<Language, string>> = { vi: 'có', en: 'yes' };

/** Subscribers as a file, for who may see numbers; every download is on record. */
@Injectable()
export class MembersExport {
  constructor(
    private readonly database: Database,
    private readonly lists: ListsService,
  ) {}

  /** @throws listNotFound */
  async ofList(actor: Actor, listId: number, language: Language): Promise<StreamableFile> {
    await this.lists.one(listId);
    const exported = { act: 'list.export', subject: `list:${listId}`, fileName: `danh-sach-${listId}.csv` };
    return this.export(actor, { listIds: [listId] }, language, exported);
  }

  /** @throws selectionEmpty, nameWithoutLetters, listNotFound, areaNotFound */
  async ofSelection(actor: Actor, selection: Selection, language: Language): Promise<StreamableFile> {
    const exported = { act: 'subscribers.export', subject: 'subscribers', fileName: 'thue-bao.csv' };
    return this.export(actor, selection, language, exported);
  }

  private async export(
    actor: Actor,
    selection: Selection,
    language: Language,
    { act, subject, fileName }: { act: string; subject: string; fileName: string },
  ): Promise<StreamableFile> {
    const filter = await filterOf(this.database, selection);
    await this.database.transaction(async (tx) => {
      const subscribers = await sizeOfSelection(tx, filter);
      await appendAudit(tx, { actor, act, subject, details: { ...auditDetails(selection), subscribers } });
    });
    const values: unknown[] = [];
    const rows = await this.database.stream(
      `select s.phone, s.full_name as "fullName", coalesce(a.name, s.area_text) as area, s.hamlet, s.language,
         x.phone_key is not null as "optedOut"
       from subscribers s left join areas a on a.id = s.area_id left join suppressions x on x.phone_key = s.phone_key
       where ${filterCondition(filter, values)} order by s.id`,
      values,
    );
    const shown = new Transform({
      objectMode: true,
      transform: (row: MemberRow, _encoding, done) =>
        // Spaces keep a spreadsheet from taking the number for a quantity and its leading zero away.
        done(null, {
          ...row,
          phone: displayPhone(row.phone),
          language: row.language && LANGUAGE_NAMES[row.language][language],
          optedOut: row.optedOut ? YES[language] : '',
        }),
    });
    rows.once('error', (error) => shown.destroy(error));
    shown.once('close', () => rows.destroy());
    const columns = Object.entries(HEADERS[language]).map(([key, header]) => ({ key, header }));
    return csvDownload(rows.pipe(shown), columns, fileName);
  }
}
