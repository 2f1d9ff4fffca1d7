import t from 'tap'
import { WORDS_VERSION, wordsOf } from '../../../src/storage/words.ts'

const TEXTS: [title: string, texts: string[], words: string[]][] = [
  ['several words, from the shortest text', ['one two', 'three'], ['three', 'one', 'two']],
  ['repeated words, each once', ['one One ONE', 'one'], ['one']],
  [
    'punctuation',
    ['"O\'Brien" (well-known): a.b_c'],
    ['o', 'brien', 'well', 'known', 'a', 'b', 'c'],
  ],
  ['accents, composed or decomposed', ['Zo\u00eb Zoe\u0308'], ['zoe']],
  ['letters whose lower case has several letters', ['GRÖSSE größe İ'], ['grosse', 'i']],
  ['variants of characters', ['ﬁne ｆｕｌｌ ½'], ['fine', 'full', '1', '2']],
  ['digits', ['2026-11-22 1e3'], ['2026', '11', '22', '1e3']],
  ['scripts without spaces', ['abc東京都def'], ['abc', '東', '京', '東京', '都', '京都', 'def']],
  ['marks on letters without spaces', ['กี่ปี'], ['กี่', 'ปี', 'กี่ปี']],
  ['letters without spaces in two texts', ['東', '京'], ['東', '京']],
  ['pairs of letters, each once', ['東京東京 京東'], ['東', '京', '東京', '京東']],
  ['a combining mark without a letter', ['-\u093c-'], []],
  ['vowel signs, which are not accents', ['नमस्ते'], ['नमस्ते']],
  ['a capital sigma at the end of a word', ['Γ.Σ. ΟΔΟΣ.Α οδος'], ['γ', 'σ', 'οδοσ', 'α']],
  ['no words', ['', ' -- ', '😀'], []],
  ['a word that is too long', ['a'.repeat(100)], ['a'.repeat(64)]],
]

for (const [title, texts, words] of TEXTS) {
  t.test(`wordsOf() returns the words of texts with ${title}`, async (t) =>
    t.same(wordsOf(...texts), words),
  )
}

t.test('wordsOf() cuts a long word between characters', async (t) => {
  t.same(wordsOf('𐐨'.repeat(100)), ['𐐨'.repeat(64)])
})

t.test(
  'wordsOf() cuts excess combining marks, so that sorting them does not take quadratic time',
  async (t) => {
    const marks = `a${'\u0316\u0301'.repeat(50_000)}`
    t.same(wordsOf(marks), ['a'])
    t.same(wordsOf(`क${'\u0327\u093c'.repeat(50_000)}`), [`क${'\u093c'.repeat(15)}`])
    t.same(wordsOf(`क${'\u200d\u093c'.repeat(50_000)}`), [`क${'\u093c'.repeat(30)}`])
  },
)

/** Returns different texts, separated by spaces. */
function series(textOf: (index: number) => string, count: number): string {
  return Array.from({ length: count }, (_, index) => textOf(index)).join(' ')
}

t.test('wordsOf() returns at most 10,000 words', async (t) => {
  const words = wordsOf(series(String, 20_000))
  t.same([words.length, words.at(-1)], [10_000, '9999'])
  const letters = series((index) => String.fromCodePoint(0x4e00 + index), 20_000)
  t.equal(wordsOf(letters.replaceAll(' ', '')).length, 10_000)
})

t.test(
  'wordsOf() returns the words of a short text beside a text with too many words',
  async (t) => {
    t.ok(wordsOf(series(String, 20_000), 'title').includes('title'))
  },
)

t.test('wordsOf() returns no more words than PostgreSQL can index', async (t) => {
  const marks = (index: number) => index.toString(2).replaceAll('0', 'ี').replaceAll('1', 'ึ')
  const words = wordsOf(series((index) => `ก${marks(2 ** 29 + index)}`, 9_000).replaceAll(' ', ''))
  const bytes = words.reduce((sum, word) => sum + Buffer.byteLength(word), 0)
  t.ok(bytes > 900_000 && bytes <= 1_000_000, `the words have ${bytes} bytes`)
})

const LONG_TEXTS: [title: string, text: string][] = [
  ['100,000 words', 'a '.repeat(100_000)],
  ['100,000 letters without spaces', '京'.repeat(100_000)],
  ['300,000 decomposed characters', '\ufdfa '.repeat(15_790)],
]

for (const [title, text] of LONG_TEXTS) {
  t.test(`wordsOf() reads up to ${title}`, async (t) => {
    t.ok(wordsOf(`${text.slice(9)} next`).includes('next'))
    t.notOk(wordsOf(`${text} next`).includes('next'))
  })
}

t.test('wordsOf() reads all of 100,000 characters that decompose into 300,000', async (t) => {
  t.same(wordsOf(`${'한'.repeat(99_998)} 국`), ['한', '한한', '국'])
})

t.test(
  'a change of the words changes their version, so that stored words are replaced',
  async (t) => {
    const sample = 'Zoë ẞ ₂ ™½ שָׁ مُ ʼn co\u00adop 東京 ภาษา ブログAPI 한국 ❤\ufe0fa_b नमस्ते'
    const words =
      'zoe ss 2 tm 1 ש م n coop 東 京 東京 ภ า ภา ษ าษ ษา ブ ロ ブロ グ ログ api 한 국 한국 a b नमस्ते'
    t.same(
      [Math.floor(WORDS_VERSION / 1_000), wordsOf(sample).join(' ')],
      [2, words],
      'increase RULES_VERSION, then change this test',
    )
  },
)
