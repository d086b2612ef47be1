import type { SeededRandom } from './seeded-random';

/** Family names by how common they are in the Mekong delta, in percent. */
const FAMILY_NAMES: readonly (readonly [number, string])[] = [
  ...([
    [31, 'Nguyễn'],
    [11, 'Trần'],
    [9, 'Lê'],
    [6, 'Huỳnh'],
    [6, 'Phạm'],
    [5, 'Phan'],
    [5, 'Võ'],
  ] as const),
  ...([
    [3, 'Đặng'],
    [2, 'Bùi'],
    [2, 'Đỗ'],
    [2, 'Hồ'],
    [2, 'Ngô'],
    [2, 'Dương'],
    [1, 'Lý'],
    [1, 'Lâm'],
  ] as const),
  ...([
    [1, 'Trương'],
    [1, 'Đoàn'],
    [1, 'Mai'],
    [1, 'Cao'],
    [1, 'Thái'],
    [1, 'Tô'],
    [1, 'Châu'],
    [1, 'Quách'],
  ] as const),
];

const MEN = {
  middle: words('Văn,Văn,Văn,Hữu,Minh,Thanh,Quốc,Hoàng,Ngọc,Công,Tấn,Thành,Phước,Trung,Đức,Chí,Hoài,Trọng'),
  given: words(
    'An,Bảo,Bình,Chiến,Cường,Danh,Dũng,Đạt,Đông,Em,Giàu,Hải,Hiếu,Hòa,Hoàng,Hùng,Huy,Khanh,Khoa,Kiệt,Lâm,Liêm,Linh,Lộc,' +
      'Long,Lợi,Luân,Mẫn,Minh,Nam,Nghĩa,Nhân,Nhựt,Phát,Phong,Phú,Phúc,Phước,Quang,Quân,Quí,Sang,Sơn,Tài,Tâm,Tấn,Thái,' +
      'Thanh,Thành,Thắng,Thiện,Thịnh,Thuận,Tiến,Toàn,Trí,Trọng,Trung,Trường,Tú,Tuấn,Tùng,Việt,Vinh,Vũ,Xuân,Tý,Út,Đực',
  ),
};
const WOMEN = {
  middle: words('Thị,Thị,Thị,Thị Ngọc,Thị Kim,Thị Mỹ,Thị Thu,Thị Bích,Ngọc,Kim,Mỹ,Thu,Bích,Hồng,Tuyết,Cẩm,Thùy,Diễm'),
  given: words(
    'An,Ánh,Bé,Châu,Chi,Cúc,Diễm,Diệu,Dung,Duyên,Đào,Hà,Hạnh,Hằng,Hân,Hiền,Hoa,Hoàng,Hồng,Huệ,Hương,Huyền,Kiều,Lan,Lành,' +
      'Lệ,Liên,Linh,Loan,Ly,Mai,My,Mỹ,Nga,Ngân,Ngọc,Nguyên,Nguyệt,Nhàn,Nhi,Nhung,Như,Oanh,Phượng,Phương,Quyên,Quỳnh,Sương,' +
      'Tâm,Thanh,Thảo,Thắm,Thi,Thơ,Thu,Thủy,Thúy,Thư,Tiên,Trang,Trâm,Trinh,Trúc,Tuyền,Tuyết,Út,Uyên,Vân,Xuân,Yến,Lượm',
  ),
};
/** The Khmer of the Seven Mountains: men are Chau, women Néang, and have no family name. */
const KHMER_GIVEN = words(
  'Sóc Kha,Sóc Khonl,Kim Sươl,Sa Rây,Sa Rone,Chanh Tha,Sóc Thi,Ra,Bích,Soth,Phi Rum,Kim Lai,Sóc Na',
);
const KHMER_DISTRICTS = new Set(['huyện Tri Tôn', 'huyện Tịnh Biên']);
const KHMER_SHARE = 0.3;

/** A person's full name, in NFC, as people of that district are called. */
export function drawName(random: SeededRandom, district: string): string {
  if (KHMER_DISTRICTS.has(district) && random.happens(KHMER_SHARE)) {
    return `${random.happens(0.5) ? 'Chau' : 'Néang'} ${random.pick(KHMER_GIVEN)}`;
  }
  const { middle, given } = random.happens(0.5) ? MEN : WOMEN;
  return `${random.pickWeighted(FAMILY_NAMES)} ${random.pick(middle)} ${random.pick(given)}`;
}

const OLD_TONES: readonly (readonly [RegExp, string])[] = [
  [/òa\b/g, 'oà'],
  [/óa\b/g, 'oá'],
  [/úy\b/g, 'uý'],
  [/ủy\b/g, 'uỷ'],
];

/** A name or place as different people type it: capitals, decomposed letters, old tone places, stray spaces. */
export function respell(random: SeededRandom, text: string): string {
  const way = random.draw();
  if (way < 0.05) return text.toUpperCase();
  if (way < 0.08) return text.normalize('NFD');
  if (way < 0.11) return OLD_TONES.reduce((spelled, [tone, old]) => spelled.replace(tone, old), text);
  if (way < 0.12) return text.replace(' ', '  ');
  if (way < 0.13) return `${text} `;
  return text;
}

function words(list: string): string[] {
  return list.split(',');
}
