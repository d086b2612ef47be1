/** A commune, ward or township as it was in 2021. */
export interface DemoArea {
  /** As the office writes it: `xã Mỹ Hòa Hưng`. */
  readonly name: string;
  readonly district: string;
  /** How many of the subscribers live there, against the other areas. */
  readonly weight: number;
  /** Whether the fourth notice goes there. Which areas those are is made up for the demonstration. */
  readonly isAffected: boolean;
}

/** Districts with their areas and weights; affected districts first, the others after the empty line. */
const AFFECTED = `
thành phố Long Xuyên: phường Mỹ Bình 5, phường Mỹ Long 5, phường Mỹ Xuyên 5, phường Bình Khánh 6, phường Mỹ Phước 6, phường Mỹ Thới 5, phường Mỹ Hòa 6, xã Mỹ Hòa Hưng 4
thành phố Châu Đốc: phường Châu Phú A 4, phường Châu Phú B 5, phường Núi Sam 4, phường Vĩnh Mỹ 4, xã Vĩnh Tế 2
thị xã Tân Châu: phường Long Thạnh 4, phường Long Hưng 3, phường Long Phú 3, xã Vĩnh Xương 3, xã Châu Phong 4
huyện An Phú: thị trấn An Phú 3, thị trấn Long Bình 2, xã Khánh Bình 2, xã Khánh An 2, xã Quốc Thái 3, xã Nhơn Hội 2
huyện Châu Phú: thị trấn Cái Dầu 4, xã Mỹ Đức 4, xã Ô Long Vĩ 3, xã Thạnh Mỹ Tây 4, xã Bình Long 3
huyện Phú Tân: thị trấn Phú Mỹ 4, thị trấn Chợ Vàm 3, xã Phú Lâm 3, xã Hòa Lạc 3, xã Bình Thạnh Đông 3
huyện Chợ Mới: thị trấn Chợ Mới 4, thị trấn Mỹ Luông 4, xã Kiến An 4, xã Long Điền A 4, xã Hòa Bình 4, xã Bình Phước Xuân 3
huyện Tịnh Biên: thị trấn Nhà Bàng 3, thị trấn Tịnh Biên 3, thị trấn Chi Lăng 2, xã An Cư 2, xã Văn Giáo 2`;

const OTHERS = `
huyện Tri Tôn: thị trấn Tri Tôn 4, thị trấn Ba Chúc 3, xã Châu Lăng 3, xã Ô Lâm 2
huyện Châu Thành: thị trấn An Châu 4, xã Cần Đăng 4, xã Bình Hòa 4, xã Vĩnh Hanh 3, xã Vĩnh Thành 3
huyện Thoại Sơn: thị trấn Núi Sập 4, thị trấn Phú Hòa 3, thị trấn Óc Eo 3, xã Vĩnh Trạch 3, xã Định Mỹ 3, xã Thoại Giang 3`;

/**
 * Sixty of the 156 communes, wards and townships that An Giang had in 2021 (General Statistics Office, list of
 * administrative units, https://danhmuchanhchinh.gso.gov.vn/). No two are the same without accents. Some have
 * changed their kind since, which the service knows as their former names.
 */
export const DEMO_AREAS: readonly DemoArea[] = [...readAreas(AFFECTED, true), ...readAreas(OTHERS, false)];

function readAreas(text: string, isAffected: boolean): DemoArea[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [district, areas] = line.split(': ') as [string, string];
      return areas.split(', ').map((area) => {
        const at = area.lastIndexOf(' ');
        return { name: area.slice(0, at), district, weight: Number(area.slice(at + 1)), isAffected };
      });
    });
}

/**
 * Shares a whole number out by weight; the parts are whole and add up to it (largest remainders).
 *
 * @example apportion(10, [1, 1, 1]) gives [4, 3, 3]
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = exact.map((share, at) => ({ at, remainder: share - parts[at]! }));
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder.slice(0, left)) parts[at]! += 1;
  return parts;
}
