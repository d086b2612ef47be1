/** The paper behind the campaigns of the demonstration: a plan of the Department that says of itself that it is a sample. */
export const SAMPLE_DOCUMENT = {
  number: '00/KH-STP (bản mẫu)',
  issuedOn: '2021-05-04',
  signer: 'Chữ ký mẫu của bản trình diễn',
};

/** The fonts that every PDF reader has know no Vietnamese accents. */
const LINES = [
  'SO TU PHAP AN GIANG - BAN MAU, KHONG CO GIA TRI PHAP LY',
  'KE HOACH tuyen truyen bau cu va phong, chong dich COVID-19 nam 2021',
  'Tep nay do ban trinh dien cua TinLuat tao ra; khong co van ban nao nhu vay.',
  '',
  'A SAMPLE, WITHOUT ANY LEGAL FORCE',
  "Made by the demonstration of TinLuat in place of the Department's plan.",
];
const FIRST_LINE = '/F1 12 Tf 60 780 Td 18 TL';

/** One page (ISO 32000-1 §7.5: header, body, cross-reference table, trailer); always the same bytes. */
export function samplePdf(): Buffer {
  const shown = LINES.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
  const content = `BT ${FIRST_LINE}\n${shown}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(`${file}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
