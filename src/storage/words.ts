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
  const plain = texts.join(' ').normalize('NFKD').replace(ACCENTS, '')
  const folded = plain.toUpperCase().toLowerCase() // ß is ss only in upper case
  return [
    ...new Set(Array.from(folded.matchAll(WORD), ([word]) => [...word].slice(0, LENGTH).join(''))),
  ]
}
