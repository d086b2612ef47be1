import { codingOfFont } from './coding-of-font';

describe('the font of a cell', () => {
  it.each(['.VnTime', '.VnArial', '.VnArial Narrow', '.VnCourier New', '.vntime', ' .VnAvant'])(
    '%s shows TCVN3',
    (font) => {
      expect(codingOfFont(font)).toEqual({ coding: 'tcvn3', upperCase: false });
    },
  );

  it.each(['.VnTimeH', '.VnArialH', '.VnArial NarrowH', '.Vn3DH', '.VNTIMEH', '.vntimeh'])(
    '%s shows TCVN3 in capitals',
    (font) => {
      expect(codingOfFont(font)).toEqual({ coding: 'tcvn3', upperCase: true });
    },
  );

  it.each(['VNI-Times', 'VNI-Helve', 'vni-times', 'VNI Times'])('%s shows VNI', (font) => {
    expect(codingOfFont(font)).toEqual({ coding: 'vni', upperCase: false });
  });

  it.each(['Times New Roman', 'Arial', 'Calibri', 'Vnodern', 'VNINE', ''])('%j says nothing', (font) => {
    expect(codingOfFont(font)).toBeUndefined();
  });
});
