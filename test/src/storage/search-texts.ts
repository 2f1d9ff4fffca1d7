/**
 * Texts, and the searches that find them or do not. The source of each expectation is a standard, a property of
 * Unicode or a fact about a language, never the code.
 */

/** The Unicode property NFKC_Casefold (Unicode Standard, §3.13) makes the text and the search equal. */
const FOLD = 'NFKC_Casefold'

/** The root collation of CLDR (UTS 10) finds no primary difference, or finds one if the search fails. */
const COLLATION = 'CLDR collation, primary strength'

/** Rules and tables of UAX 29, Unicode Text Segmentation, section 4.1. */
const SEGMENTATION = 'UAX 29'

/** General_Category is punctuation, at which the service splits; UAX 29 joins some of it (WB6, WB13a). */
const PUNCTUATION = 'General_Category P'

/** Emoji sequences of UTS 51, which contain no letter. */
const EMOJI = 'UTS 51'

const JAPANESE = 'JMdict, a dictionary of Japanese'
const CHINESE = 'CC-CEDICT, a dictionary of Chinese'
const THAI = 'Royal Institute Dictionary of Thai'
const OTHER_WORDS = 'Wiktionary'
const KOREAN = 'Hangul orthography, article 41: particles are attached to the word before'
const APOSTROPHES = 'spelling: the modifier letter and the apostrophe are both in use'

export interface SearchedText {
  text: string
  /** Searches that find the text. */
  found: string[]
  /** Searches that do not find the text. */
  missed: string[]
  source: string
}

type Row = [text: string, found: string[], missed: string[], source: string]

/** The texts by script. */
const TEXTS: Record<string, Row[]> = {
  Latin: [
    ['Zo\u00eb', ['zoe', 'Zoe\u0308', 'ZOË'], ['zo'], COLLATION],
    ['Nguyễn Văn', ['nguyen', 'VAN'], ['nguy'], COLLATION],
    ['GRÖSSE', ['größe', 'grosse'], ['grose'], FOLD],
    ['GROẞE', ['große', 'grosse'], [], FOLD],
    ['İstanbul', ['istanbul', 'ISTANBUL'], [], COLLATION],
    ['ışık', ['IŞIK', 'ışık'], [], 'Turkish alphabet: I is the capital of ı'],
    ['ﬁne ﬂow', ['fine', 'flow'], [], FOLD],
    ['ｆｕｌｌ　ｗｉｄｔｈ', ['full', 'width'], ['fullwidth'], FOLD],
    ['𝐍𝐨𝐝𝐞', ['node'], [], FOLD],
    ['Ⓝⓞⓓⓔ', ['node'], [], FOLD],
    ['ŉ huis', ['huis', 'n'], [], FOLD],
    ['co\u00adoperate', ['cooperate'], ['operate'], FOLD],
    ['foo\u2060bar', ['foobar'], ['foo'], FOLD],
    ['foo\ufeffbar', ['foobar'], ['bar'], FOLD],
    ['foo\u200bbar', ['foo', 'bar'], ['foobar'], `${SEGMENTATION}, table 3: U+200B is not Format`],
    ['commons', ['commons'], ['common'], `${SEGMENTATION}, WB5`],
    ['Node.js', ['node', 'JS', 'node.js'], ['nodejs'], PUNCTUATION],
    ['foo_bar', ['foo', 'bar'], ['foobar'], PUNCTUATION],
    ['well-known', ['well', 'known'], ['wellknown'], PUNCTUATION],
    ['O’Brien', ["o'brien", 'brien'], ['obrien'], PUNCTUATION],
    ['Hawaiʻi', ["Hawai'i", 'hawai‘i'], ['hawaii'], APOSTROPHES],
  ],
  Greek: [
    ['ΟΔΟΣ', ['οδος', 'οδός', 'οδοσ'], ['οδο'], FOLD],
    ['Γ.Σ. Παπάς', ['σ', 'παπασ'], ['παπα'], FOLD],
    ['ᾠδή', ['ωδη', 'ΩΔΗ'], ['δη'], COLLATION],
    ['5 \u00b5m', ['\u03bcm', 'ΜM'], ['m'], FOLD],
  ],
  Cyrillic: [
    ['ПРИВЕТ', ['привет'], ['при'], FOLD],
    ['Ёлка', ['елка'], [], COLLATION],
    ['Москва\u0301', ['москва'], [], COLLATION],
    ['м\u02bcята', ["м'ята", 'м’ята', 'мʼята'], ['мята'], APOSTROPHES],
  ],
  Armenian: [['Երևան', ['ԵՐԵՒԱՆ', 'երևան'], [], FOLD]],
  Georgian: [['ᲗᲑᲘᲚᲘᲡᲘ', ['თბილისი'], ['თბილის'], FOLD]],
  Cherokee: [['ᏣᎳᎩ', ['ꮳꮃꭹ'], [], FOLD]],
  Deseret: [['𐐔𐐯𐑅', ['𐐼𐐯𐑅', '𐐔𐐇𐐝'], ['𐐼'], FOLD]],
  Hebrew: [
    ['שָׁלוֹם', ['שלום'], ['של'], COLLATION],
    ['\ufb21לף', ['אלף'], [], FOLD],
    ['צה״ל', ['צה"ל'], ['צהל'], PUNCTUATION],
  ],
  Arabic: [
    ['شُكْرًا', ['شكرا'], ['شكر'], COLLATION],
    ['مــرحبا', ['مرحبا'], ['رحبا'], COLLATION],
    ['ﻣﺮﺣﺒﺎ', ['مرحبا'], [], FOLD],
    ['أحمد', ['ا\u0654حمد'], ['احمد'], COLLATION],
    ['می\u200cخواهم', ['میخواهم'], ['خواهم'], FOLD],
    ['٢٠٢٦', ['٢٠٢٦'], ['٢٠'], `${SEGMENTATION}, WB8`],
  ],
  Devanagari: [
    ['नमस्ते', ['नमस्ते'], ['नमसत', 'नम'], COLLATION],
    ['\u0958लम', ['क\u093cलम'], ['कलम'], FOLD],
    ['क्\u200dष', ['क्ष'], ['क'], FOLD],
    ['हिन्दी।API', ['हिन्दी', 'api'], ['हि'], PUNCTUATION],
    ['१२३', ['१२३'], ['१२'], `${SEGMENTATION}, WB8`],
  ],
  Bengali: [['ক\u09cbন', ['ক\u09c7\u09beন'], ['কন'], FOLD]],
  Tibetan: [['བོད་ཡིག', ['བོད', 'ཡིག'], ['བོ'], PUNCTUATION]],
  Ethiopic: [['ሰላም፡ዓለም', ['ሰላም', 'ዓለም'], ['ሰላ'], PUNCTUATION]],
  Thai: [
    ['ภาษาไทย', ['ภาษา', 'ไทย'], ['ยา'], THAI],
    ['สวัสดีครับ', ['สวัสดี', 'ครับ'], ['รส'], THAI],
    ['รถไฟฟ้า', ['รถ', 'ไฟฟ้า', 'รถไฟฟ้า'], ['ฟ้าไฟ'], THAI],
    [
      'ตา\u200bกลม',
      ['ตา', 'กลม'],
      ['ตาก', 'ตากลม'],
      `${SEGMENTATION}, table 3: U+200B is not Format`,
    ],
    ['ปี๒๕๖๙', ['ปี', '๒๕๖๙'], ['๒๕'], `${SEGMENTATION}, WB8`],
    ['เรียนAPI', ['เรียน', 'api'], [], THAI],
  ],
  Lao: [['ພາສາລາວ', ['ພາສາ', 'ລາວ'], ['ວາ'], OTHER_WORDS]],
  Khmer: [['ភាសាខ្មែរ', ['ភាសា', 'ខ្មែរ'], ['សាភា'], OTHER_WORDS]],
  Myanmar: [
    ['မြန်မာစာ', ['မြန်မာ', 'စာ'], ['စာမြန်'], OTHER_WORDS],
    ['မြန်မာAPI', ['API', 'မြန်မာ'], [], OTHER_WORDS],
  ],
  Han: [
    ['関西国際空港', ['関西', '国際', '空港', '国際空港'], ['港空', '西関'], JAPANESE],
    ['中华人民共和国', ['中华', '人民', '共和国'], ['国人'], CHINESE],
    ['北京大学生', ['大学生', '北京'], ['学大'], CHINESE],
    ['京东', ['京东'], ['东京'], CHINESE],
    ['人々', ['人々'], ['々人'], JAPANESE],
    ['東京2026', ['東京', '2026'], ['20'], JAPANESE],
    ['葛\u{e0100}城', ['葛城', '葛'], [], FOLD],
    ['㍿山田', ['株式会社', '山田'], ['田山'], FOLD],
    ['\u2f00\u2f06', ['一二'], ['二一'], FOLD],
    ['\uf900', ['豈'], [], FOLD],
  ],
  Hiragana: [
    ['か\u3099くせい', ['\u304cくせい', 'がくせい'], ['かくせい'], FOLD],
    ['すもももももももものうち', ['すもも', 'もも', 'うち'], ['ちう'], JAPANESE],
    ['ぬいぐるみ', ['ぬいぐるみ'], ['いぬ'], JAPANESE],
    ['りんごAPI', ['りんご', 'api'], [], JAPANESE],
  ],
  Katakana: [
    ['ブログAPI', ['API', 'ブログ', 'ブログAPI'], ['フロク'], JAPANESE],
    ['ﾌﾞﾛｸﾞAPI', ['API', 'ブログ'], [], FOLD],
    ['サーバーAPI', ['API', 'サーバー'], [], JAPANESE],
    ['東京タワー', ['東京', 'タワー'], ['京東'], JAPANESE],
    ['データベース', ['データ', 'ベース'], ['スデ'], JAPANESE],
    ['テレビ・ゲーム', ['ゲーム', 'テレビ'], ['ビゲ'], PUNCTUATION],
  ],
  Hangul: [
    ['\u1112\u1161\u11ab\u1100\u116e\u11a8', ['한국'], [], FOLD],
    ['서울에서', ['서울'], ['울서'], KOREAN],
    ['API를', ['api'], [], KOREAN],
  ],
  'Common (emoji)': [
    ['❤\ufe0fNode', ['node', '❤️ node'], ['nod'], EMOJI],
    ['❤Node', ['node'], [], EMOJI],
    ['1\ufe0f\u20e3Node', ['node', '1'], [], EMOJI],
    ['👩\u200d💻Node', ['node'], [], EMOJI],
    ['🇯🇵Node', ['node'], ['jpnode'], EMOJI],
    ['👍🏽Node', ['node'], [], EMOJI],
    ['🏴\u{e0067}\u{e0062}\u{e007f}Node', ['node'], ['gbnode'], EMOJI],
    ['Node😀js', ['node', 'js'], ['nodejs'], EMOJI],
  ],
  'Common (compatibility)': [
    ['H₂O', ['h2o'], ['h'], FOLD],
    ['20 m²', ['m2', 'M²'], ['m'], FOLD],
    ['Ⅷ', ['viii'], [], FOLD],
    ['Node™', ['node', 'node™'], ['nodetm'], `${SEGMENTATION}: ™ is not ALetter`],
    ['①Node', ['node', '1'], ['1node'], `${SEGMENTATION}: ① is not Numeric`],
    ['3½', ['3', '1/2'], ['31'], `${SEGMENTATION}: ½ is not Numeric`],
    ['5㎞', ['5', 'km'], [], `${SEGMENTATION}: ㎞ is not ALetter`],
  ],
  'Common (digits)': [
    ['2026-11-22', ['2026', '22'], ['202'], PUNCTUATION],
    ['3.14', ['3', '14'], ['314'], PUNCTUATION],
    ['1e3 v2', ['1e3', 'V2'], ['3', '2'], `${SEGMENTATION}, WB9 and WB10`],
  ],
}

/**
 * Searches for two letters that are neighbours in a text, but not a word of it according to the dictionary. They find
 * the text, since the service has no dictionary.
 */
export const FOUND_WITHOUT_BEING_WORDS: [text: string, search: string, source: string][] = [
  ['東京都', '京都', JAPANESE],
  ['北京大学', '京大', JAPANESE],
  ['มากกว่า', 'กก', THAI],
]

export const SEARCHED_TEXTS: SearchedText[] = Object.values(TEXTS).flatMap((rows) =>
  rows.map(([text, found, missed, source]) => ({ text, found, missed, source })),
)
