import t from 'tap'
import { compileValidator } from '../../../src/http/validation.ts'
import {
  date,
  emailAddress,
  reference,
  singleLine,
  timeOfDay,
  utcTime,
  uuid,
  webUrl,
} from '../../../src/schemas/property-schemas.ts'

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

/** Schemas with values that they accept and values that they refuse. */
const FORMATS = [
  [date, ['2028-02-29'], ['2027-02-29', '2027-2-1']],
  [utcTime, ['2027-01-31T09:00:00.000Z'], ['2027-01-31T09:00:00Z', '2027-02-30T09:00:00.000Z']],
  [utcTime, ['0000-01-01T00:00:00.000Z'], ['2027-01-31t09:00:00.000Z', '2027-01-31T09:00:00.000z']],
  [utcTime, ['9999-12-31T23:59:60.000Z'], ['2027-01-31T09:00:00.000+00:00']],
  [timeOfDay, ['09:00:00Z', '09:00:00.5+01:00'], ['09:00', `09:00:00.${'0'.repeat(30)}Z`]],
  [emailAddress, ['ann@example.com'], ['"\0"@example.com', 'ann', `${'a'.repeat(250)}@a.example`]],
  [webUrl, ['https://example.com/?a=1#b'], ['javascript:alert(1)', 'https://a b', 'example.com']],
  [uuid, ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6'], ['F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6']],
  [(text: string) => reference('/books', text), [1], [0, 1.5, '1']],
] as const

for (const [describe, valid, invalid] of FORMATS) {
  const schema = describe('A value')
  t.test(`the schema of ${valid[0]} accepts and refuses values`, async (t) => {
    const validate = compileValidator(schema, 'body')
    for (const value of valid) t.same(validate(value), { value })
    for (const value of invalid) t.match(validate(value), { error: { message: /./ } }, `${value}`)
  })
}
