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
  ['no words', ['', ' -- ', '😀'], []],
  ['a word that is too long', ['a'.repeat(100)], ['a'.repeat(64)]],
]

for (const [title, texts, words] of TEXTS) {
  t.test(`wordsOf gives ${title}`, async (t) => t.same(wordsOf(...texts), words))
}

t.test('a long word is cut between characters', async (t) => {
  t.same(wordsOf('𐐨'.repeat(100)), ['𐐨'.repeat(64)])
})
