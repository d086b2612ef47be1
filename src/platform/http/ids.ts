import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** The largest number a column of type integer holds; PostgreSQL fails on a larger one. */
export const MOST_ID = 2 ** 31 - 1;

/** For what comes as text in an address. Digits only: Number() would also read an empty text, ` 1`, 1e3 and 0x10. */
export const toWholeNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

/** An id that has room in the database. */
export const IsId = (options?: { each: boolean }): PropertyDecorator =>
  applyDecorators(IsInt(options), Min(1, options), Max(MOST_ID, options));

/** `:id` of an address. */
export class IdParam {
  @ApiProperty()
  @toWholeNumber()
  @IsId()
  id: number;
}
