import fc from 'fast-check';
import { safeFileName, scanKind } from './scan-kind';

const PDF = Buffer.from('%PDF-1.7\n');
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');

describe('a scan', () => {
  it.each([
    [PDF, 'Công văn 12.pdf', 'application/pdf'],
    [PNG, 'scan.PNG', 'image/png'],
    [JPEG, 'scan.jpg', 'image/jpeg'],
    [JPEG, 'scan.jpeg', 'image/jpeg'],
  ])('is known by its first bytes (%#)', (content, name, mediaType) => {
    expect(scanKind(content, name).mediaType).toBe(mediaType);
  });

  it.each([
    Buffer.alloc(0),
    Buffer.from('%PD'),
    Buffer.from('MZ\u0090'),
    Buffer.from('<html>%PDF-</html>'),
    Buffer.from(' %PDF-1.7'),
    Buffer.from('GIF89a'),
  ])('is none with %j, whatever its name', (content) => {
    expect(() => scanKind(content, 'cong-van.pdf')).toThrow(expect.objectContaining({ code: 'document.not-a-scan' }));
  });

  it.each([
    [PNG, 'cong-van.pdf'],
    [PDF, 'cong-van.pdf.exe'],
    [JPEG, 'cong-van'],
  ])('does not go by another name (%#)', (content, name) => {
    expect(() => scanKind(content, name)).toThrow(expect.objectContaining({ code: 'document.name-differs' }));
  });
});

describe('the name of a scan', () => {
  it.each([
    ['Công văn số 12 STP.pdf', 'Công văn số 12 STP.pdf'],
    ['Công văn.PDF'.normalize('NFD'), 'Công văn.pdf'.normalize('NFC')],
    ['../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\an\\quet.png', 'quet.png'],
    ['a\r\nSet-Cookie: x=1.pdf', 'a Set-Cookie x=1.pdf'],
    ['a"; filename="b.exe.pdf', 'a ; filename= b.exe.pdf'],
    ['\u202egpj.fdp.pdf', 'gpj.fdp.pdf'],
    ['...pdf', 'van-ban.pdf'],
  ])('%j is kept as %j', (given, kept) => expect(safeFileName(given)).toBe(kept));

  it('is one line without a path, of a bounded length, whatever is uploaded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const name = safeFileName(`${given}.pdf`);
        expect(name).toMatch(/^[^/\\\p{Cc}\p{Cs}<>:"|?*]+\.pdf$/u);
        expect([...name].length).toBeLessThanOrEqual(154);
        expect(safeFileName(name)).toBe(name);
      }),
    );
  });
});
