import { searchKey } from '../vietnamese-text';

/** What a column of a subscriber list may hold, and this service can use. */
export type ColumnField =
  | 'phone'
  /** The whole name; together with `givenName` the family and middle names. */
  | 'fullName'
  | 'givenName'
  | 'area'
  | 'hamlet'
  /** In which a person wishes to be texted; never ethnicity. */
  | 'language'
  | 'district'
  | 'address'
  | 'note';

/** `ignored` columns (ordinal, birth, sex, papers) tell a header row from others and are never taken. */
interface TitleMeaning {
  readonly field: ColumnField | 'familyName' | 'ignored';
  /** How sure the title is; of two columns for the same field the surer one is used, then the left one. */
  readonly weight: 1 | 2 | 3;
}

/** Titles by their keys: lower case, without accents and punctuation. */
const EXACT: readonly (readonly [TitleMeaning['field'], TitleMeaning['weight'], string])[] = [
  ['phone', 3, 'di dong,so di dong,so dien thoai di dong,dien thoai di dong,dtdd,so dtdd,sdt di dong,dt di dong'],
  ['phone', 3, 'so thue bao,mobile,mobile phone,mobile number,phone mobile,cell phone,cellphone,dd'],
  ['phone', 2, 'so dien thoai,dien thoai,sdt,so dt,dt,d thoai,so phone,phone,phone number,phone no,tel,telephone'],
  ['phone', 2, 'so dien thoai lien he,dien thoai lien he,sdt lien he,thue bao,msisdn,so may'],
  ['phone', 1, 'so zalo,zalo,so lien he,lien he'],
  [
    'fullName',
    3,
    'ho va ten,ho ten,hoten,ho va ten cu tri,ho ten cu tri,ho va ten chu ho,ho ten chu ho,full name,fullname',
  ],
  [
    'fullName',
    2,
    'ten,ho ten thue bao,ten thue bao,chu thue bao,ten chu thue bao,ten nguoi nhan,ten cong dan,cong dan,name',
  ],
  ['fullName', 1, 'chu ho,nguoi nhan,cu tri'],
  [
    'familyName',
    3,
    'ho dem,ho va dem,ho lot,ho va lot,ho va chu dem,ho va chu lot,ho va ten dem,ho va ten lot,ho ten dem',
  ],
  ['familyName', 2, 'ho,last name,lastname,surname,family name,ho ten lot,ho chu dem,ho chu lot'],
  ['givenName', 2, 'ten goi,first name,firstname,given name'],
  [
    'area',
    3,
    'xa phuong,phuong xa,xa phuong thi tran,xa phuong dac khu,phuong xa thi tran,phuong xa dac khu,xa thi tran',
  ],
  ['area', 3, 'ten xa,ten xa phuong,xa,phuong,commune,ward,don vi hanh chinh,don vi hanh chinh cap xa,cap xa'],
  ['area', 2, 'dia ban,dia phuong,area,khu vuc,xa phuong noi o,xa phuong cu tru,ubnd xa phuong'],
  ['hamlet', 2, 'ap,khom,ap khom,khom ap,thon,to dan pho,khu pho,ap khu pho,thon ap,hamlet,ap khom khu pho,to'],
  ['language', 2, 'ngon ngu,ngon ngu nhan tin,ngon ngu nhan tin nhan,tieng,tieng nhan tin,language,language of texts'],
  ['district', 2, 'huyen,quan,huyen thi xa,quan huyen,huyen thi xa thanh pho,huyen tx tp,district,huyen thi thanh'],
  ['address', 2, 'dia chi,dia chi thuong tru,noi o,noi cu tru,noi thuong tru,cho o,address,thuong tru,noi o hien nay'],
  ['note', 2, 'ghi chu,note,notes,chu thich,remark,remarks'],
  ['ignored', 2, 'stt,tt,so tt,so thu tu,thu tu,no,id,ma,ma so'],
  ['ignored', 2, 'ngay sinh,nam sinh,ngay thang nam sinh,ngay thang sinh,tuoi,gioi tinh,phai,nam nu,dan toc,ton giao'],
  [
    'ignored',
    2,
    'cccd,cmnd,so cccd,so cmnd,cmnd cccd,cccd cmnd,so dinh danh,nghe nghiep,email,thu dien tu,chu ky,ky ten',
  ],
];

const MEANINGS = new Map<string, TitleMeaning>(
  EXACT.flatMap(([field, weight, keys]) => keys.split(',').map((key) => [key, { field, weight }] as const)),
);

const PHONE_WORDS = /\b(?:so dien thoai|dien thoai|sdt|so dt|dtdd|di dong|so thue bao|so zalo|phone|mobile|tel)\b/;
/** A phone word beside one of these is no column of people's mobile numbers: landlines, networks, counts, headings. */
const NOT_A_MOBILE =
  /\b(?:co dinh|ban|co quan|noi lam viec|fax|hotline|loai|ten|nha mang|mang|so luong|ngay|dia chi|email|tinh trang|trang thai|ghi chu|danh sach|bang|thong ke|tong|bieu|phu luc|ket qua|hinh thuc)\b/;
const NAME_WORDS = /^(?:ho va ten|ho ten|ten thue bao)\b/;
const AREA_WORDS = /^(?:ten )?(?:xa|phuong|xa phuong|phuong xa)\b(?! (?:doi|vien|hoi))/;
const ADDRESS_WORDS = /^(?:dia chi|noi o|noi cu tru|thuong tru|ho khau)\b/;
const MOST_WORDS = 8;

/**
 * What a column title says its column holds; undefined for one that says nothing this service knows.
 *
 * @example titleMeaning('SĐT (di động)')?.field === 'phone'
 */
export function titleMeaning(title: string): TitleMeaning | undefined {
  const key = searchKey(title);
  if (key === '') return undefined;
  // "S.Đ.T", "S Đ T"
  const exact = MEANINGS.get(key) ?? (/^(?:\w )+\w$/.test(key) ? MEANINGS.get(key.replaceAll(' ', '')) : undefined);
  if (exact) return exact;
  if (key.split(' ').length > MOST_WORDS) return undefined;
  if (PHONE_WORDS.test(key)) return NOT_A_MOBILE.test(key) ? undefined : { field: 'phone', weight: 1 };
  if (NAME_WORDS.test(key)) return { field: 'fullName', weight: 1 };
  if (AREA_WORDS.test(key)) return { field: 'area', weight: 1 };
  if (ADDRESS_WORDS.test(key)) return { field: 'address', weight: 1 };
  return undefined;
}

/** Titles named to the office when none of them is there. */
export const PHONE_TITLES_TO_NAME = '"Số điện thoại", "SĐT", "Điện thoại", "Di động", "Số thuê bao", "Phone"';
