import t from 'tap'
import { decodeText, encodingOf, isWide } from '../../../src/http/text.ts'

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

t.test('a byte order mark shows the order of the bytes of UTF-16', async (t) => {
  const encoding = encodingOf('utf-16')
  t.equal(decodeText(Uint8Array.from([0xfe, 0xff, 0x00, 0x68]), encoding), 'h')
  t.equal(decodeText(Uint8Array.from([0xff, 0xfe, 0x68, 0x00]), encoding), 'h')
  t.equal(decodeText(Uint8Array.from([0x68, 0x00]), encoding), 'h')
})

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

const LABELS: [label: string, encoding: string | undefined][] = [
  ['utf-8', 'utf-8'],
  ['UTF8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['unicode-1-1-utf-8', 'utf-8'],
  ['ascii', 'utf-8'],
  ['US-ASCII', 'utf-8'],
  ['latin1', 'windows-1252'],
  ['ISO-8859-1', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
  ['cp1252', 'windows-1252'],
  ['Shift_JIS', 'shift_jis'],
  ['ks_c_5601-1987', 'euc-kr'],
  ['utf-16', 'utf-16le'],
  ['utf-7', undefined],
  ['x-none', undefined],
  ["'utf-8'", undefined],
  ['', undefined],
]

for (const [label, encoding] of LABELS) {
  t.test(`encodingOf() returns ${encoding} for the label ${label}`, async (t) => {
    t.equal(encodingOf(label), encoding)
  })
}

const ENCODED: [encoding: string, bytes: number[], text: string][] = [
  ['windows-1252', [0x63, 0xe9, 0x80], 'cé€'],
  ['iso-8859-15', [0xa4], '€'],
  ['shift_jis', [0x93, 0xfa, 0x96, 0x7b], '日本'],
  ['utf-16le', [0xff, 0xfe, 0xe9, 0x00], 'é'],
  ['utf-16be', [0x00, 0xe9], 'é'],
  ['koi8-r', [0xcd, 0xc9, 0xd2], 'мир'],
]

for (const [encoding, bytes, text] of ENCODED) {
  t.test(`decodeText() reads ${encoding}`, async (t) => {
    t.equal(decodeText(Uint8Array.from(bytes), encoding), text)
    t.equal(decodeText(Uint8Array.from(bytes), encoding), text, 'a second time')
  })
}

t.test('decodeText() throws 400 for bytes that the encoding does not have', async (t) => {
  const error = { statusCode: 400, message: 'the body is not valid SHIFT_JIS' }
  t.throws(() => decodeText(Uint8Array.from([0x93]), 'shift_jis'), error)
})

t.test('isWide() returns true for the start of UTF-16 and UTF-32', async (t) => {
  for (const text of ['<a/>', '{}', '1']) {
    const wide = Buffer.from(text, 'utf16le')
    t.ok(isWide(wide))
    t.ok(isWide(wide.swap16()))
    t.ok(isWide(Buffer.from(`\ufeff${text}`, 'utf16le')))
    t.ok(isWide(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()))
    t.notOk(isWide(Buffer.from(text)))
    t.notOk(isWide(Buffer.from(`\ufeff${text}`)))
  }
  t.notOk(isWide(Buffer.alloc(0)))
})
