import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatLocalTime, parseLocalTime } from '../platform/clock';
import { fault } from '../platform/errors';
import { Permit } from '../platform/http/actor';
import { AuditPage, AuditQuery } from './audit.dto';
import { AuditReadModel } from './audit.read-model';

export const auditTimeUnreadable = fault('invalid', 'audit.time-unreadable', {
  vi: 'Không hiểu thời điểm này. Hãy viết ngày như 2021-05-23 hoặc giờ Việt Nam như 2021-05-23T08:00.',
  en: 'This time cannot be read. Write a day as 2021-05-23 or a Vietnam time as 2021-05-23T08:00.',
});
export const auditPeriodEmpty = fault('invalid', 'audit.period-empty', {
  vi: 'Khoảng thời gian trống: "to" phải sau "from".',
  en: 'The period is empty: "to" must be later than "from".',
});

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly readModel: AuditReadModel) {}

  @Get()
  @Permit('audit.read')
  @ApiOperation({ summary: 'Nhật ký kiểm toán / The audit log' })
  @ApiOkResponse({ type: AuditPage })
  async search(@Query() { subject, act, from, to, after, limit }: AuditQuery): Promise<AuditPage> {
    const period = { from: readTime('from', from), to: readTime('to', to) };
    if (period.from && period.to && period.from >= period.to) throw auditPeriodEmpty({}, { field: 'to' });
    // One more than asked for tells whether there is a next page.
    const rows = await this.readModel.search({ subject, act, ...period, after, limit: limit + 1 });
    const items = rows.slice(0, limit).map((row) => ({ ...row, at: formatLocalTime(row.at) }));
    return { items, next: rows.length > limit ? items.at(-1)!.id : null };
  }
}

/** A day begins at midnight in Vietnam. */
function readTime(field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = parseLocalTime(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (!at) throw auditTimeUnreadable({}, { field });
  return at;
}
