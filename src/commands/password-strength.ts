/**
 * Refuses passwords that are easy to guess. NIST SP 800-63B-4 §3.1.1.2 requires 15 characters of a password that is the
 * only factor. Of the usual lists of common passwords, few entries are that long, and these repeat or join short ones, or
 * are walks on a keyboard. So a short list of words and two rules suffice.
 */
import { isNear, KEYBOARDS } from './keyboards.ts'

/** Minimum length, in code points. */
const MIN_LENGTH = 15

/** Minimum length that remains if each predictable part counts as one character. */
const MIN_UNPREDICTABLE_LENGTH = 8

/** Minimum number of keys that do not continue a walk. It is lower, since random text also has some keys side by side. */
const MIN_DISTANT_KEYS = 5

/** Steps of walks: 1 from key to key (`1qazxsw2`), 2 for two walks in turn (`q1w2e3`), 3 and 4 for columns (`qazwsx`). */
const WALK_STEPS = [1, 2, 3, 4]

/**
 * Words and phrases from lists of common passwords. A word precedes the words that it begins with. A hyphen stands for
 * any separators, or none.
 */
const COMMON_WORDS =
  `password passwort mot-de-passe qwertyuiop qwertzuiop azertyuiop qwerty qwertz azerty
  asdfghjkl asdfgh asdf zxcvbnm zxcv yxcvbnm 1qaz2wsx3edc 1qaz2wsx 1q2w3e4r5t6y 1q2w3e4r 1q2w3e qazwsx qweasdzxc
  let-me-in welcome i-love-you-so-much i-love-you administrator admin root user guest tester test login secret
  default change-me master access trust-no-1 football baseball basketball princess sunshine superman batman dragon
  monkey shadow michael jordan star-wars what-ever freedom hello-world hello server database
  spring summer autumn winter sommer herbst correct-horse-battery-staple the-quick-brown-fox
  jumps-over-the-lazy-dog to-be-or-not-to-be may-the-force-be-with-you open-sesame`.split(/\s+/)

/** Characters that people write instead of a letter. */
const LOOKALIKES: Record<string, string> = { a: '4@', e: '3', i: '1!', o: '0', s: '5$' }

const SEPARATORS = String.raw`[\p{P}\p{S}\s]*`

const YEAR = String.raw`(?:19|20)\d\d`

/** Stands for a common word. */
const WORD = '\0'

const COMMON = new RegExp([...COMMON_WORDS.map(patternOf), YEAR].join('|'), 'gu')

const SEPARATED_WORD = new RegExp(`${SEPARATORS}${WORD}${SEPARATORS}`, 'gu')

function patternOf(word: string): string {
  return word
    .replace(/[aeios]/g, (letter) => `[${letter}${LOOKALIKES[letter]}]`)
    .replaceAll('-', SEPARATORS)
}

/** Returns the reason to refuse a password of an account; undefined if there is none. */
export function weaknessOf(password: string, name: string): string | undefined {
  if ([...password].length < MIN_LENGTH) {
    return `the password must have at least ${MIN_LENGTH} characters, such as some random words`
  }
  const text = password.normalize('NFKC').toLowerCase().replaceAll(name.toLowerCase(), WORD)
  const words = text.replace(COMMON, WORD)
  return [text, words, words.replace(SEPARATED_WORD, WORD)].some(isPredictable)
    ? 'the password is easy to guess: use random words, not common ones, sequences, repetitions or keys side by side'
    : undefined
}

function isPredictable(text: string): boolean {
  const characters = [...text.replace(/(.+?)\1+/gsu, '$1')]
  return unpredictableLengthOf(characters) < MIN_UNPREDICTABLE_LENGTH || isWalk(characters)
}

/** Returns the number of characters that do not continue a sequence such as `1234` or `dcba`. */
function unpredictableLengthOf(characters: string[]): number {
  return characters.filter((character, index) => !isNext(character, characters[index - 1])).length
}

/** Returns true if most characters continue walks on a keyboard, or sequences. */
function isWalk(characters: string[]): boolean {
  return KEYBOARDS.some((keyboard) =>
    WALK_STEPS.some((step) => {
      const distant = characters.filter((character, index) => {
        const earlier = characters[index - step] ?? ''
        return !isNear(keyboard, character, earlier) && !isNext(character, earlier)
      })
      return distant.length < MIN_DISTANT_KEYS
    }),
  )
}

function isNext(character: string, earlier = ''): boolean {
  const step = Number(character.codePointAt(0)) - Number(earlier.codePointAt(0)) // NaN without an earlier one
  return Math.abs(step) === 1
}
