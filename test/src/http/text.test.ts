import t from 'tap'
import { decodeText } from '../../../src/http/text.ts'

const TEXTS: [title: string, bytes: number[], text: string][] = [
  ['an empty body', [], ''],
  ['ASCII', [0x61, 0x0a], 'a\n'],
  ['two bytes', [0xc3, 0xa9], 'é'],
  ['four bytes', [0xf0, 0x9f, 0x98, 0x80], '😀'],
  ['a NUL', [0x61, 0x00, 0x62], 'a\0b'],
  ['text after a byte order mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
  ['a second byte order mark as text', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '\ufeff'],
]

for (const [title, bytes, text] of TEXTS) {
  t.test(`decodeText() reads ${title}`, async (t) => {
    t.equal(decodeText(Uint8Array.from(bytes)), text)
  })
}

const REFUSED: [title: string, bytes: number[]][] = [
  ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ['a byte that UTF-8 never contains', [0xff]],
  ['a truncated sequence', [0xc3]],
  ['a continuation byte on its own', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an unpaired surrogate', [0xed, 0xa0, 0x80]],
  ['a code point over U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
]

for (const [title, bytes] of REFUSED) {
  t.test(`decodeText() throws 400 for ${title}`, async (t) => {
    t.throws(() => decodeText(Uint8Array.from(bytes)), {
      statusCode: 400,
      message: 'the body is not valid UTF-8',
    })
    t.equal(decodeText(Buffer.from('é')), 'é', 'a later body can be decoded')
  })
}
