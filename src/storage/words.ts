/** Words beyond so many octets are not looked for: an index entry of PostgreSQL holds 2^20 - 1. */
const OCTETS = 1_000_000

/**
 * More marks on a letter than any text has (Unicode Standard Annex 15, §13): to sort those of one letter,
 * as NFKD does, takes a time that grows with their square.
 */
const MARKS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu

/** Longer words are compared by so many characters. */
const LENGTH = 64

/** Scripts written without spaces: each character counts as a word. */
const UNSPACED =
  '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}]'

const WORD = new RegExp(`${UNSPACED}|[[\\p{L}\\p{N}\\p{M}]--${UNSPACED}]+`, 'gv')

/** Marks over Latin, Greek and Cyrillic letters, which people leave out when they search. */
const ACCENTS = /[\u0300-\u036f]/g

/**
 * Gives the words of texts, each once, in the form in which they are searched for: without accents,
 * case and the variants of a character (NFKD, Unicode Standard Annex 15). Both engines index this form
 * as it is, so that both find the same.
 */
export function wordsOf(...texts: string[]): string[] {
  const plain = texts.join(' ').replace(MARKS, '$1').normalize('NFKD').replace(ACCENTS, '')
  // ß is ss only in upper case, and at the end of a word Σ is ς
  const folded = plain.toUpperCase().toLowerCase().replaceAll('ς', 'σ')
  const words = new Set<string>()
  let octets = 0
  for (const [match] of folded.matchAll(WORD)) {
    const word = [...match.slice(0, 2 * LENGTH)].slice(0, LENGTH).join('')
    if (words.has(word)) continue
    octets += Buffer.byteLength(word)
    if (octets > OCTETS) break
    words.add(word)
  }
  return [...words]
}
