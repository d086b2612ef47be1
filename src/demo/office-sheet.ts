import type { OfficeRow } from './office-rows';
import type { PhoneCell } from './phone-cells';

/** What a cell holds; undefined is an empty one. */
export type Cell = PhoneCell | undefined;

export interface OfficeSheet {
  readonly name: string;
  /** Widths of the columns, in characters. */
  readonly widths: readonly number[];
  /** Ranges that Excel shows as one cell, such as `A1:D1`. */
  readonly merged: readonly string[];
  /** The rows that are set bold and centred. */
  readonly headRows: number;
  rows(): Generator<readonly Cell[]>;
}

const TITLES: readonly (readonly Cell[])[] = [
  ['SỞ TƯ PHÁP TỈNH AN GIANG'],
  ['HỘI ĐỒNG PHỐI HỢP PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT'],
  [],
  ['DANH SÁCH THUÊ BAO NHẬN TIN NHẮN TUYÊN TRUYỀN PHÁP LUẬT NĂM 2021'],
  ['(Tổng hợp từ danh sách của các xã, phường, thị trấn, đến ngày 30/4/2021)'],
  [],
];
/** Two rows: groups and titles; then the columns' numbers, as official tables have them. */
const HEADER: readonly (readonly Cell[])[] = [
  ['STT', 'Họ và tên', 'Số điện thoại', 'Nơi cư trú', undefined, undefined, 'Ghi chú'],
  [undefined, undefined, undefined, 'Huyện, thị xã, thành phố', 'Xã, phường, thị trấn', 'Ấp, khóm', undefined],
  ['(1)', '(2)', '(3)', '(4)', '(5)', '(6)', '(7)'],
];
const MERGED = [...['A1:D1', 'A2:D2', 'A4:G4', 'A5:G5'], ...['A7:A8', 'B7:B8', 'C7:C8', 'D7:F7', 'G7:G8']];

/** Lays the list out as the office would: letterhead, title, header, numbered rows, the sum and the signature. */
export function officeSheet(list: () => Generator<OfficeRow>): OfficeSheet {
  return {
    name: 'Danh sách thuê bao',
    widths: [7, 28, 18, 24, 26, 18, 20],
    merged: MERGED,
    headRows: TITLES.length + HEADER.length,
    *rows() {
      yield* TITLES;
      yield* HEADER;
      let number = 0;
      for (const row of list()) {
        number += 1;
        const { fullName, phone, district, area, hamlet, note } = row;
        yield [number, filled(fullName), filled(phone), district, filled(area), filled(hamlet), filled(note)];
      }
      yield [undefined, `Tổng cộng: ${number.toLocaleString('vi-VN')} thuê bao`];
      yield [];
      yield [undefined, undefined, undefined, undefined, 'An Giang, ngày 04 tháng 5 năm 2021'];
      yield [undefined, undefined, undefined, undefined, 'NGƯỜI LẬP BIỂU'];
    },
  };
}

/** Rows below the list that name nobody: the sum, the day and the signature. */
export const FOOTER_ROWS = 3;

function filled(cell: PhoneCell): Cell {
  return cell === '' ? undefined : cell;
}
