import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MOST_ID, toWholeNumber } from './ids';

/** Keyset paging: `after` is the `next` of the page before. No page number, so nothing is skipped while rows arrive. */
export class PageQuery {
  @ApiPropertyOptional({ type: Number, minimum: 0, description: '`next` of the page before' })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(0)
  @Max(MOST_ID)
  after?: number;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 500, default: 50 })
  @IsOptional()
  @toWholeNumber()
  @IsInt()
  @Min(1)
  @Max(500)
  limit?: number;
}

export const DEFAULT_PAGE_SIZE = 50;

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: number | null;
}

/** Makes a page of `limit + 1` rows read: the surplus row only tells that there is more. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => number): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? keyOf(items[items.length - 1]!) : null };
}
