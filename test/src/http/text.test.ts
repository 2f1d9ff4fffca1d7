import t from 'tap'
import { decodeText } from '../../../src/http/text.ts'

const TEXTS: [title: string, octets: number[], text: string][] = [
  ['nothing', [], ''],
  ['ASCII', [0x61, 0x0a], 'a\n'],
  ['two octets', [0xc3, 0xa9], 'é'],
  ['four octets', [0xf0, 0x9f, 0x98, 0x80], '😀'],
  ['a NUL', [0x61, 0x00, 0x62], 'a\0b'],
  ['a byte order mark, and drops it', [0xef, 0xbb, 0xbf, 0x61], 'a'],
  ['a second byte order mark, and keeps it', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '\ufeff'],
]

for (const [title, octets, text] of TEXTS) {
  t.test(`decodeText reads ${title}`, async (t) => {
    t.equal(decodeText(Uint8Array.from(octets)), text)
  })
}

const REFUSED: [title: string, octets: number[]][] = [
  ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ['an octet that UTF-8 never has', [0xff]],
  ['a sequence cut short', [0xc3]],
  ['a continuation that continues nothing', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a code point past the last', [0xf4, 0x90, 0x80, 0x80]],
  ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
]

for (const [title, octets] of REFUSED) {
  t.test(`decodeText refuses ${title} with 400`, async (t) => {
    t.throws(() => decodeText(Uint8Array.from(octets)), {
      statusCode: 400,
      message: 'the body is not valid UTF-8',
    })
    t.equal(decodeText(Buffer.from('é')), 'é', 'and reads the next body as if nothing had been')
  })
}
