/* The spelling of Vietnamese syllables: an initial, a rhyme and a tone, by the orthography taught in schools. */

const INITIALS = 'ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x'.split('|');
const RHYMES = new Set(
  (
    'a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âm ân âng âp ât âc âu ây ' +
    'e em en eng eo ep et ec ê êm ên ênh êu êp êt êch i ia im in inh iu ip it ich iêm iên iêng iêu iêp iêt iêc ' +
    'o oi om on ong oong op ot oc ooc oa oai oay oao oam oan oang oanh oat oac oach oăm oăn oăng oăt oăc oe oen oeo oet ' +
    'ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơp ơt u ua ui um un ung up ut uc uân uâng uât uây uê uênh uêch uơ ' +
    'uôi uôm uôn uông uôt uôc uy uya uyên uyêt uynh uych uyt uyu ' +
    'ư ưa ưi ưng ưu ưt ưc ươi ươm ươn ương ươu ươp ươt ươc y yêm yên yêng yêu yêt'
  ).split(' '),
);
/** After qu, whose u belongs to the initial; "quí" and "quới" are spellings of the south. */
const RHYMES_AFTER_QU = new Set(
  (
    'a ai ao au ay an ang anh at ac ach ăm ăn ăng ăp ăt ăc ân âng ât ây e en eo et ê ên ênh êt êch ' +
    'i in it ơ ơi ơn ôc y yên yêt ynh yt'
  ).split(' '),
);
/** In "gì", "gìn" and "giếng" the i belongs to the rhyme. */
const RHYMES_AFTER_G = new Set('i in iêng iêt'.split(' '));

const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
const STOPPED = /(?:[cpt]|ch)$/;
/** Acute and dot below, the only tones of a syllable that ends in a stop. */
const TONES_OF_STOPPED = /[\u0301\u0323]/;
const ONE_CASE = /^(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u;

/**
 * Whether a word could stand in a Vietnamese text: a legal syllable with its tone mark on the right vowel (both ways for
 * "hoà", "hòa"), in small letters, in capitals or with a capital at its beginning.
 *
 * @param word one word in NFC
 */
export function isVietnameseSyllable(word: string): boolean {
  if (word.length > 8 || !ONE_CASE.test(word)) return false;
  const marked = word.toLowerCase().normalize('NFD');
  const tones = marked.match(TONES) ?? [];
  if (tones.length > 1) return false;
  const toneless = marked.replace(TONES, '').normalize('NFC');
  const toneAt = tones.length === 0 ? undefined : marked.slice(0, marked.search(TONES)).normalize('NFC').length - 1;
  return divisions(toneless).some(({ initial, rhyme }) => {
    if (STOPPED.test(rhyme) && !TONES_OF_STOPPED.test(tones[0] ?? '')) return false;
    return toneAt === undefined || placesOfTone(rhyme).includes(toneAt - initial.length);
  });
}

function divisions(syllable: string): { initial: string; rhyme: string }[] {
  const initials = ['', ...INITIALS.filter((initial) => syllable.startsWith(initial))];
  return initials
    .map((initial) => ({ initial, rhyme: syllable.slice(initial.length) }))
    .filter(({ initial, rhyme }) => isSpelling(initial, rhyme));
}

function isSpelling(initial: string, rhyme: string): boolean {
  if (initial === 'qu') return RHYMES_AFTER_QU.has(rhyme);
  if (initial === 'g' && RHYMES_AFTER_G.has(rhyme)) return true;
  if (!RHYMES.has(rhyme)) return false;
  if (/^(?:k|gh|ngh)$/.test(initial)) return /^[eêiy]/.test(rhyme);
  if (/^(?:c|g|ng)$/.test(initial)) return !/^[eêiy]/.test(rhyme);
  if (initial === 'gi') return !/^[iy]/.test(rhyme);
  return initial === '' || !/^yê/.test(rhyme);
}

/** On which letters of a rhyme its tone may stand, counted from 0. */
function placesOfTone(rhyme: string): number[] {
  const vowels = /^[aăâeêioôơuưy]+/.exec(rhyme)![0];
  const marked = Math.max(...[...'ăâêôơư'].map((vowel) => vowels.lastIndexOf(vowel)));
  if (marked >= 0) return [marked];
  if (vowels.length === 1) return [0];
  if (vowels.length === 3) return [1];
  if (vowels !== rhyme) return vowels === 'oo' ? [0, 1] : [1];
  return /^(?:oa|oe|uy)$/.test(vowels) ? [0, 1] : [0];
}
