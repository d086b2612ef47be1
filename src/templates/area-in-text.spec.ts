import { areaInText } from './area-in-text';

describe('an area within a sentence', () => {
  it.each([
    ['Xã Mỹ Đức', 'xã Mỹ Đức'],
    ['Phường Long Xuyên', 'phường Long Xuyên'],
    ['Thị trấn Cái Dầu', 'thị trấn Cái Dầu'],
    ['Đặc khu Phú Quốc', 'đặc khu Phú Quốc'],
    ['Phường 3', 'Phường 3'],
    ['Ấp Vĩnh Hòa', 'ấp Vĩnh Hòa'],
    ['Tổ dân phố Đông An', 'tổ dân phố Đông An'],
    ['Ấp 3', 'Ấp 3'],
    ['Ba Chúc', 'Ba Chúc'],
  ])('%s stands as %s', (name, text) => expect(areaInText(name)).toBe(text));
});
