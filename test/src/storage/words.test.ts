import t from 'tap'
import { wordsOf } from '../../../src/storage/words.ts'

const TEXTS: [title: string, texts: string[], words: string[]][] = [
  ['words', ['one two', 'three'], ['one', 'two', 'three']],
  ['each word once', ['one One ONE', 'one'], ['one']],
  [
    'punctuation',
    ['"O\'Brien" (well-known): a.b_c'],
    ['o', 'brien', 'well', 'known', 'a', 'b', 'c'],
  ],
  ['accents, composed or not', ['Zo\u00eb Zoe\u0308'], ['zoe']],
  ['case that takes more letters', ['GRÖSSE größe İ'], ['grosse', 'i']],
  ['variants of a character', ['ﬁne ｆｕｌｌ ½'], ['fine', 'full', '1', '2']],
  ['digits', ['2026-11-22 1e3'], ['2026', '11', '22', '1e3']],
  ['scripts without spaces', ['abc東京def'], ['abc', '東', '京', 'def']],
  ['vowel signs that are no accents', ['नमस्ते'], ['नमस्ते']],
  ['capitals that end no word', ['Γ.Σ. ΟΔΟΣ.Α οδος'], ['γ', 'σ', 'οδοσ', 'α']],
  ['no words', ['', ' -- ', '😀'], []],
  ['a word that is too long', ['a'.repeat(100)], ['a'.repeat(64)]],
]

for (const [title, texts, words] of TEXTS) {
  t.test(`wordsOf: ${title}`, async (t) => t.same(wordsOf(...texts), words))
}

t.test('cuts a long word between characters', async (t) => {
  t.same(wordsOf('𐐨'.repeat(100)), ['𐐨'.repeat(64)])
})

t.test('cuts excess marks, so that sorting them takes no quadratic time', async (t) => {
  const marks = `a${'\u0316\u0301'.repeat(50_000)}`
  t.same(wordsOf(marks), ['a'])
  t.same(wordsOf(`a${'\u0327\u05b0'.repeat(50_000)}`), [`a${'\u05b0'.repeat(15)}`])
})

t.test('returns no more words than PostgreSQL can index', async (t) => {
  const pairs = Array.from({ length: 399 * 84 }, (_, index) => {
    const [first, second] = [index % 399, Math.floor(index / 399)]
    return `\ufdfa${String.fromCharCode(0xac01 + first * 28, 0xac01 + second * 28)}`
  })
  const words = wordsOf(pairs.join('').slice(0, 100_000))
  const octets = words.reduce((sum, word) => sum + Buffer.byteLength(word), 0)
  t.ok(octets > 900_000 && octets <= 1_000_000, `${octets} octets`)
})
