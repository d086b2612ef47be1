import { encodeTcvn3, encodeVni } from '../../../test/subscribers/old-codings';
import { faultOfText } from './text-damage';

const fault = (text: string): string | undefined => faultOfText(text, 120);

describe('a name in an old font', () => {
  it.each(
    (
      'Lê Văn An,Võ Minh,Nguyễn Minh,Trần Lan,Bùi Long,Huỳnh Phượng,Trương Cường,Đặng Thị Mỹ,Thu Hằng,Đỗ Ca,Phạm Quí,' +
      'Dương Thắng,Ngô Tấn,LÊ VĂN HẰNG,ĐỖ THỊ BƯỞI'
    ).split(','),
  )('is found in a list of other names: %s', (name) => {
    expect(fault(encodeVni(name))).toBe('text-legacy-encoding');
  });

  it.each('Nguyễn Minh,Trần Lan,Bùi Long,Huỳnh Phượng,Trương Cường,Đặng Thị Mỹ,Phạm Thị Hoa,NGUYỄN VĂN AN'.split(','))(
    'of TCVN3 is found in a list of other names: %s',
    (name) => {
      expect(fault(encodeTcvn3(name))).toBe('text-legacy-encoding');
    },
  );

  it.each(
    (
      "Hoàng Hoà Hòa,Lê Bé,Trần Thị Thúy,Khuê Uyển,Ngoằn Ngoèo,Thuở Xưa,Y Moan Êñuôl,K'Brêu,H'Noê Niê,Néang Sóc Khonl,Raúl Páez,ThúyÂn," +
      'Trần & Lê,François Lefèvre,José Müller,UBND xã Mỹ Đức,McDonald,Ấp 1 – Xã Mỹ'
    ).split(','),
  )('is not seen in %s', (name) => {
    expect(fault(name)).toBeUndefined();
  });
});
