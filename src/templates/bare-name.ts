const TITLES = 'ông,bà,anh,chị,cô,chú,bác,em,cậu,mợ,dì,dượng,thím,thầy,cụ,đồng chí';

/**
 * Family names by which a full name is known: those of most Kinh people, then of Khmer, Chăm and Hoa families of the
 * Mekong Delta, without those that are common middle names too (Ông is itself a family name: Ông Văn Tùng). A title
 * before a name that begins otherwise is left alone: a polite word too many does no harm, half a name does.
 */
const FAMILY_NAMES =
  'nguyễn,trần,lê,phạm,hoàng,huỳnh,phan,vũ,võ,đặng,bùi,đỗ,hồ,ngô,dương,lý,ly,âu,bạch,bành,biện,cao,châu,chu,chung,cù,diệp,' +
  'doãn,đàm,đào,đậu,đinh,đoàn,đổng,giáp,hà,hàn,hầu,hứa,kha,khổng,khưu,kiều,kỷ,lại,lâm,lăng,liễu,lò,lộ,lục,lương,lưu,lữ,mã,mạc,' +
  'mạch,nghiêm,nhan,nông,phí,phó,phù,phùng,phương,quách,quan,sầm,sử,tạ,tăng,tào,thạch,thẩm,thiều,thôi,tiêu,tô,tôn,tống,triệu,' +
  'trịnh,trương,từ,tưởng,uông,ung,vưu,vương,chau,danh,liêu,neáng,néang,nèang,neang,abdul,ahmad,mohamad';

const alternatives = (words: string): string => words.split(',').join('|');

/** One title or several ("Ông/Bà"), with a point after it or a space; the name that follows has two words or more. */
const TITLES_BEFORE = `(?:(?:${alternatives(TITLES)})(?:\\s*/\\s*|\\s+(?=(?:${alternatives(TITLES)})[\\s./])))*(?:${alternatives(TITLES)})`;
const WITH_POINT = new RegExp(`^${TITLES_BEFORE}\\s*\\.[\\s.]*(?=\\S)`, 'iu');
const WITH_SPACE = new RegExp(`^${TITLES_BEFORE}\\s+(?=(?:${alternatives(FAMILY_NAMES)})\\s+\\S)`, 'iu');

/**
 * A person's name without the title that some lists put before it: "Ông Nguyễn Văn An" and "Bà. Tám" become "Nguyễn Văn
 * An" and "Tám". A title followed by a space goes only where a family name and a further word come after it, so that
 * the names "Anh Thư", "Nguyễn Thị Anh" and "Ông Ích Khiêm" stay whole. Never empty for a name that is not.
 */
export function bareName(name: string): string {
  const tidy = name.normalize('NFC').trim();
  const bare = tidy.replace(WITH_POINT, '');
  return bare === tidy ? tidy.replace(WITH_SPACE, '') : bare;
}
