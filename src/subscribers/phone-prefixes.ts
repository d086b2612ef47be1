/**
 * The 21 mobile prefixes of 11-digit numbers and what replaced them from 15/9/2018; the last seven digits stayed.
 * Keys and values are without the trunk 0. Source: the plan that the Ministry of Information and Communications made
 * public on 29 May 2018 (https://gsm.vn/thue-bao-di-dong-11-so-doi-thanh-10-so-nhu-the-nao/).
 */
export const PREFIX_AFTER_2018: Readonly<Record<string, string>> = {
  // MobiFone
  '120': '70',
  '121': '79',
  '122': '77',
  '126': '76',
  '128': '78',
  // VinaPhone
  '123': '83',
  '124': '84',
  '125': '85',
  '127': '81',
  '129': '82',
  // Viettel
  '162': '32',
  '163': '33',
  '164': '34',
  '165': '35',
  '166': '36',
  '167': '37',
  '168': '38',
  '169': '39',
  // Vietnamobile
  '186': '56',
  '188': '58',
  // Gmobile
  '199': '59',
};

/**
 * National numbers (9 digits, without the trunk 0) in ranges that an operator is known to use and that libphonenumber
 * 1.13's full metadata calls mobile: Viettel 32–39 86 96–98, VinaPhone 81–85 88 91 94, MobiFone 70 76–79 896–899 90 93,
 * Vietnamobile 52(2 3 8) 56 58 92, Gmobile 59 and 99 but 992, iTel 87, Wintel 559.
 * Other ranges of 3, 5, 7, 8 and 9 are taken with a warning: the metadata lags behind what operators open (0992, 055,
 * 0890–0895) and also holds ranges that nobody uses (030, 031, 051, 095).
 */
export const FAMILIAR_MOBILE = /^(?:3[2-9]|5[689]|7[06-9]|8[1-8]|9[0-46-8]|52[238]|559|89[6-9]|99[013-9])\d+$/;

/**
 * Any 9-digit national number of the ranges that the numbering plan sets aside for mobiles. libphonenumber also calls
 * 0121(0–3), 0140 and 0160 with six or seven digits mobile, which no operator's published table has: an old 11-digit
 * number that lost a digit looks just like them, so they are refused.
 */
export const MOBILE_SHAPE = /^[35789]\d{8}$/;

/**
 * Until 2017 An Giang's landlines were 076 and Kiên Giang's 077 with seven digits, beginning 3 (VNPT) or 6 (Viettel);
 * today the same ten digits are MobiFone mobiles. No rule can tell them apart, so a person must.
 */
export const MAYBE_OLD_LANDLINE = /^7[67][36]\d{6}$/;
