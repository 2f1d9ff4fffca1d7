/** Maximum bytes of a row's words; further words are not indexed. PostgreSQL's limit is 2^20 - 1 bytes. */
const MAX_WORDS_BYTES = 1_000_000

/**
 * Matches more than 30 combining marks in a row (Unicode Standard Annex 15, §13). No text needs that many, and NFKD
 * would sort them in quadratic time.
 */
const EXCESS_MARKS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu

/** Maximum length of a word, in characters; longer words are cut. */
const MAX_WORD_LENGTH = 64

/** Characters of scripts without spaces between words. Each character counts as a word. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}]'

const WORD = new RegExp(`${UNSPACED}|[[\\p{L}\\p{N}\\p{M}]--${UNSPACED}]+`, 'gv')

/** Accents of Latin, Greek and Cyrillic letters, which people often omit in searches. */
const ACCENTS = /[\u0300-\u036f]/g

/**
 * Returns the distinct words of texts, normalized for search: without accents, case and character variants
 * (NFKD, Unicode Standard Annex 15). Both engines index these words unchanged, so both find the same rows.
 */
export function wordsOf(...texts: string[]): string[] {
  const plain = texts.join(' ').replace(EXCESS_MARKS, '$1').normalize('NFKD').replace(ACCENTS, '')
  // toUpperCase converts ß to SS. toLowerCase writes σ as ς at the end of a word.
  const folded = plain.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  const words = new Set<string>()
  let bytes = 0
  for (const [match] of folded.matchAll(WORD)) {
    const word = [...match.slice(0, 2 * MAX_WORD_LENGTH)].slice(0, MAX_WORD_LENGTH).join('')
    if (words.has(word)) continue
    bytes += Buffer.byteLength(word)
    if (bytes > MAX_WORDS_BYTES) break
    words.add(word)
  }
  return [...words]
}
