/**
 * Words of texts, for searches. Both engines index these words unchanged, so both find the same rows.
 *
 * Texts are folded like NFKC_Casefold (Unicode Standard, §3.13, R5), and also lose the marks that people omit in
 * searches. A word is a sequence of letters, digits and their marks. In a script without spaces between words, each
 * letter and each pair of neighbouring letters is a word, so a search finds any part of a text.
 */

/** Version of the rules in this file. Increase it if the same text now has other words. */
const RULES_VERSION = 1

/**
 * Version of the words. A later version of Unicode adds letters, so words of different versions cannot be compared:
 * 1170 are the words of rules 1 and Unicode 17.0.
 */
export const WORDS_VERSION =
  RULES_VERSION * 1_000 + Math.round(Number(process.versions.unicode) * 10)

/** Maximum bytes of a row's words; further words are not indexed. PostgreSQL's limit is 2^20 - 1 bytes. */
const MAX_WORDS_BYTES = 1_000_000

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

/** A letter of a script without spaces, which is the group, or a word of another script. */
const PART = new RegExp(
  `([${UNSPACED}--\\p{M}][${UNSPACED}&&\\p{M}]*)` +
    `|[[\\p{L}\\p{N}]--${UNSPACED}][[\\p{L}\\p{N}\\p{Mn}\\p{Mc}]--${UNSPACED}]*`,
  'gv',
)

/** Returns the distinct words of texts. */
export function wordsOf(...texts: string[]): string[] {
  const words = new Set<string>()
  let bytes = 0
  for (const part of partsOf(fold(texts.join(' ')))) {
    const word = part.length > MAX_WORD_LENGTH ? cut(part) : part
    if (words.has(word)) continue
    bytes += Buffer.byteLength(word)
    if (bytes > MAX_WORDS_BYTES) break
    words.add(word)
  }
  return [...words]
}

/** Cuts a word between characters. */
function cut(word: string): string {
  return [...word.slice(0, 2 * MAX_WORD_LENGTH)].slice(0, MAX_WORD_LENGTH).join('')
}

function fold(text: string): string {
  const plain = text
    .replace(SEPARATE, ' $& ')
    .replace(IGNORABLE, '')
    .replace(EXCESS_MARKS, '$1')
    .normalize('NFKD')
    .replace(OMITTED_MARKS, '')
    .replace(LETTER_APOSTROPHES, "'")
  // toUpperCase converts ß to SS, but only toLowerCase converts ẞ to ß. toLowerCase writes σ as ς at the end of a word.
  const folded = plain.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  return folded.normalize('NFKC')
}

/** Yields the words of a folded text, and the pairs of neighbouring letters in scripts without spaces. */
function* partsOf(text: string): Generator<string> {
  let [previous, end] = ['', -1]
  for (const { 0: part, 1: letter, index } of text.matchAll(PART)) {
    yield part
    if (letter === undefined) continue
    if (end === index) yield previous + letter
    previous = letter
    end = index + letter.length
  }
}
