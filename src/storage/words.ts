/**
 * Words of texts, for searches. Both engines index these words unchanged, so both find the same rows.
 *
 * Texts are folded like NFKC_Casefold (Unicode Standard, §3.13, R5), and also lose the marks that people omit in
 * searches. A word is a sequence of letters, digits and their marks. In a script without spaces between words, each
 * letter and each pair of neighbouring letters is a word, so a search finds any part of a text.
 */

/** Version of the rules in this file. Increase it if the same text now has other words. */
const RULES_VERSION = 2

/**
 * Version of the words. A later version of Unicode adds letters, so words of different versions cannot be compared:
 * 2170 are the words of rules 2 and Unicode 17.0.
 */
export const WORDS_VERSION =
  RULES_VERSION * 1_000 + Math.round(Number(process.versions.unicode) * 10)

/**
 * Limits of the words of a row, so that a write blocks the event loop only briefly: SQLite also indexes the words there.
 * Words after a limit are not indexed.
 */
const MAX_WORDS = 10_000
const MAX_WORDS_BYTES = 1_000_000 // PostgreSQL's limit is 2^20 - 1 bytes
const MAX_OCCURRENCES = 100_000 // of words and of letters in scripts without spaces

/** Maximum length of the decomposed text, in characters. NFKD turns a Hangul syllable into 3 characters, and U+FDFA into 18. */
const MAX_DECOMPOSED_LENGTH = 300_000

/** Maximum length of a word, in characters; longer words are cut. */
const MAX_WORD_LENGTH = 64

/**
 * Symbols and numbers that are not part of a word, although NFKC turns them into letters or digits: ™ № ① ½. Radicals and
 * superscript or subscript digits are part of a word. U+200B separates words (UAX 29, table 3).
 */
const SEPARATE = /\u200b|[[\p{S}\p{No}]--[\p{Alphabetic}\p{sc=Han}²³¹\u2070-\u209c]]/gv

/** Invisible characters such as variation selectors, joiners and soft hyphens, which NFKC_Casefold removes. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}+/gu

/**
 * Matches more than 30 combining marks in a row (Unicode Standard Annex 15, §13). No text needs that many, and NFKD
 * would sort them in quadratic time.
 */
const EXCESS_MARKS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu

/**
 * Marks that people often omit in searches: accents of Latin, Greek and Cyrillic letters, and vowel points of Hebrew and
 * Arabic with the tatweel. Hamza and madda (U+0653 to U+0655) form letters of their own.
 */
const OMITTED_MARKS =
  /[[\u0300-\u036f\u0640][\p{Mn}&&\p{sc=Hebr}][[\p{Mn}&&\p{scx=Arab}]--[\u0653-\u0655]]]/gv

/** Modifier letters that are also written as an apostrophe, as in Ukrainian and Hawaiian. */
const LETTER_APOSTROPHES = /[\u02bb\u02bc]/g

/**
 * Letters of scripts without spaces between all words, with their marks. Korean attaches particles to words.
 * Script_Extensions also has the letters and marks that several of these scripts share, such as ー.
 */
const UNSPACED =
  '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}' +
  '\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{Nl}\\p{M}]]'

/** A letter of a script without spaces, with its marks. */
const LETTER = new RegExp(`[${UNSPACED}--\\p{M}][${UNSPACED}&&\\p{M}]*`, 'gv')

/** A sequence of such letters, which is the group, or a word of another script. */
const PART = new RegExp(
  `([${UNSPACED}--\\p{M}]${UNSPACED}*)` +
    `|[[\\p{L}\\p{N}]--${UNSPACED}][[\\p{L}\\p{N}\\p{Mn}\\p{Mc}]--${UNSPACED}]*`,
  'gv',
)

/** Returns the distinct words of texts, up to the limits. Shorter texts count first, so that a long text displaces no title. */
export function wordsOf(...texts: string[]): string[] {
  const text = texts.toSorted((one, other) => one.length - other.length).join(' ')
  const words: string[] = []
  let bytes = 0
  for (const word of distinctWords(fold(text))) {
    bytes += Buffer.byteLength(word)
    if (bytes > MAX_WORDS_BYTES || words.length === MAX_WORDS) break
    words.push(word)
  }
  return words
}

function fold(text: string): string {
  const plain = text
    .replace(SEPARATE, ' $& ')
    .replace(IGNORABLE, '')
    .replace(EXCESS_MARKS, '$1')
    .normalize('NFKD')
    .slice(0, MAX_DECOMPOSED_LENGTH)
    .replace(OMITTED_MARKS, '')
    .replace(LETTER_APOSTROPHES, "'")
  // toUpperCase converts ß to SS, but only toLowerCase converts ẞ to ß. toLowerCase writes σ as ς at the end of a word.
  const folded = plain.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return folded.normalize('NFKC')
}

/**
 * Yields the distinct words of a folded text, and the distinct pairs of neighbouring letters in scripts without spaces.
 * Pairs are compared by the numbers of their letters, since joining the letters of each pair would take twice as long.
 */
function* distinctWords(text: string): Generator<string> {
  const numbers = new Map<string, number>() // of words and letters, by their first occurrence
  const pairs = new Set<number>()
  let occurrences = 0
  for (const { 0: part, 1: letters } of text.matchAll(PART)) {
    let [previous, previousNumber] = ['', 0]
    for (const word of letters?.match(LETTER) ?? [cut(part)]) {
      if (++occurrences > MAX_OCCURRENCES) return
      const number = numbers.get(word) ?? numbers.size
      const pair = previousNumber * MAX_OCCURRENCES + number
      if (number === numbers.size) {
        numbers.set(word, number)
        yield word
      }
      if (previous && !pairs.has(pair)) {
        pairs.add(pair)
        yield previous + word
      }
      ;[previous, previousNumber] = [word, number]
    }
  }
}

/** Cuts a long word between characters. */
function cut(word: string): string {
  if (word.length <= MAX_WORD_LENGTH) return word
  return [...word.slice(0, 2 * MAX_WORD_LENGTH)].slice(0, MAX_WORD_LENGTH).join('')
}
