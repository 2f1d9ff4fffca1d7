import t from 'tap'
import { compileValidator } from '../../../src/http/validation.ts'
import { singleLine } from '../../../src/schemas/property-schemas.ts'

const validate = compileValidator(singleLine(20, 'A title'), 'body')

/** Text that looks empty, by the name of its characters. */
const EMPTY: [name: string, text: string][] = [
  ['no characters', ''],
  ['space', ' '],
  ['no-break space', '\u00a0'],
  ['ogham space mark', '\u1680'],
  ['ideographic space', '\u3000'],
  ['zero width space', '\u200b'],
  ['zero width non-joiner', '\u200c'],
  ['zero width joiner', '\u200d'],
  ['word joiner', '\u2060'],
  ['zero width no-break space', '\ufeff'],
  ['soft hyphen', '\u00ad'],
  ['combining grapheme joiner', '\u034f'],
  ['Arabic letter mark', '\u061c'],
  ['Hangul filler', '\u3164'],
  ['halfwidth Hangul filler', '\uffa0'],
  ['Khmer inherent vowel', '\u17b4'],
  ['Mongolian vowel separator', '\u180e'],
  ['right-to-left override', '\u202e'],
  ['first strong isolate', '\u2068'],
  ['variation selector', '\ufe0f'],
  ['variation selector of a supplementary plane', '\u{e0100}'],
  ['tag characters', '\u{e0041}\u{e007f}'],
  ['interlinear annotation anchor', '\ufff9'],
  ['musical symbol begin beam', '\u{1d173}'],
  ['shorthand format letter overlap', '\u{1bca0}'],
  ['Braille pattern blank', '\u2800'],
  ['several of them', ' \u200b\u3164\u2800\u00a0 '],
]

for (const [name, text] of EMPTY) {
  t.test(`singleLine() refuses text that looks empty: ${name}`, async (t) => {
    t.match(validate(text), { error: { message: /./ } })
  })
}

for (const text of ['a', ' a ', '\u200bא', '👩‍👩‍👧', '❤️', '日本', 'e\u0301', '-', '\u2801', '¨']) {
  t.test(`singleLine() allows the visible text ${text}`, async (t) => {
    t.same(validate(text), { value: text })
  })
}

t.test('singleLine() takes linear time for blank text', async (t) => {
  const validateLong = compileValidator(singleLine(1_000_000, 'A title'), 'body')
  const start = performance.now()
  t.match(validateLong('\u200b'.repeat(1_000_000)), { error: {} })
  t.ok(performance.now() - start < 1_000)
})
