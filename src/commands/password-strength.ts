/**
 * Refuses passwords that are easy to guess. NIST SP 800-63B-4 §3.1.1.2 requires 15 characters of a password that is the
 * only factor. Of the usual lists of common passwords, few entries are that long, and these repeat or join short ones.
 * So a short list of words and a rule suffice.
 */

/** Minimum length, in code points. */
const MIN_LENGTH = 15

/** Minimum length that remains if each predictable part counts as one character. */
const MIN_UNPREDICTABLE_LENGTH = 8

/** Words and rows of keys from lists of common passwords. A word precedes the words that it begins with. */
const COMMON_WORDS =
  `password passwort motdepasse qwertyuiop qwertzuiop azertyuiop qwerty qwertz azerty
  asdfghjkl asdfgh asdf zxcvbnm zxcv yxcvbnm 1qaz2wsx3edc 1qaz2wsx 1q2w3e4r5t6y 1q2w3e4r 1q2w3e qazwsx
  letmein welcome iloveyou administrator admin root user guest tester test login secret default changeme
  master access trustno1 football baseball basketball princess sunshine superman batman dragon monkey
  shadow michael jordan starwars whatever freedom hello correcthorsebatterystaple`.split(/\s+/)

/** Characters that people write instead of a letter. */
const LOOKALIKES: Record<string, string> = { a: '4@', e: '3', i: '1!', o: '0', s: '5$' }

const COMMON = new RegExp(
  COMMON_WORDS.map((word) =>
    word.replace(/[aeios]/g, (letter) => `[${letter}${LOOKALIKES[letter]}]`),
  ).join('|'),
  'g',
)

/** Returns the reason to refuse a password of an account; undefined if there is none. */
export function weaknessOf(password: string, name: string): string | undefined {
  if ([...password].length < MIN_LENGTH) {
    return `the password must have at least ${MIN_LENGTH} characters, such as some random words`
  }
  const withoutName = password.toLowerCase().replaceAll(name.toLowerCase(), '\0')
  return unpredictableLengthOf(withoutName) < MIN_UNPREDICTABLE_LENGTH
    ? 'the password is easy to guess: use random words, not common ones, sequences or repetitions'
    : undefined
}

/** Returns the length of a text without its common words, repetitions, and sequences such as `1234` or `dcba`. */
function unpredictableLengthOf(text: string): number {
  const rest = text.replace(COMMON, '\0').replace(/(.+?)\1+/gs, '$1')
  return [...rest].filter((character, index) => {
    const step = character.charCodeAt(0) - rest.charCodeAt(index - 1)
    return Math.abs(step) !== 1
  }).length
}
