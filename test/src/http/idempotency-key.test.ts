import t from 'tap'
import { HttpError } from '../../../src/http/http-error.ts'
import { parseIdempotencyKey } from '../../../src/http/idempotency-key.ts'

const KEYS: [field: string, key: string][] = [
  ['"8e03978e-40d5-43e8-bc93-6894a57f9324"', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['"a b, c; d"', 'a b, c; d'],
  ['" "', ' '],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['a\\b', 'a\\b'],
  ["!#$%&'()*+-./:<=>?@[\\]^_`{|}~", "!#$%&'()*+-./:<=>?@[\\]^_`{|}~"],
  ['k'.repeat(255), 'k'.repeat(255)],
  [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
  [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
]

for (const [field, key] of KEYS) {
  t.test(`parseIdempotencyKey() reads ${field} as the key ${key}`, async (t) => {
    t.equal(parseIdempotencyKey(field), key)
  })
}

const REFUSED: Record<string, string> = {
  'an empty field': '',
  'an empty String': '""',
  'a key of 256 characters': 'k'.repeat(256),
  'a String of 256 characters': `"${'k'.repeat(256)}"`,
  'two keys': 'a, b',
  'two Strings': '"a", "b"',
  'a repeated field joined without a space': 'a,a',
  'a parameter': '"a";b=1',
  'a parameter of a bare key': 'a;b=1',
  'a bare key with a space': 'a b',
  'a bare key with a tab': 'a\tb',
  'a bare key with a quote': 'a"b',
  'a String that does not end': '"a',
  'a String that ends inside an escape': '"a\\"',
  'an escape of a character other than " and \\': '"a\\b"',
  'an unescaped quote': '"a"b"',
  'a String with a control character': '"a\x7f"',
  'a String with a non-ASCII character': '"é"',
  'a bare key with a non-ASCII character': 'é',
  'an unterminated String of many escapes': `"${'\\"'.repeat(50_000)}`,
}

for (const [title, field] of Object.entries(REFUSED)) {
  t.test(
    `parseIdempotencyKey() throws a 400 that names the header field for ${title}`,
    async (t) => {
      t.throws(
        () => parseIdempotencyKey(field),
        new HttpError(
          'BAD_REQUEST',
          'Idempotency-Key must be one String of 1 to 255 printable ASCII characters',
        ),
      )
    },
  )
}
