import { crc32 } from 'node:zlib'
import t from 'tap'
import { decodeCursor, encodeCursor } from '../../../src/http/cursor.ts'
import type { Position } from '../../../src/storage/pagination.ts'

const POSITIONS: Position[] = [[1], [Number.MAX_SAFE_INTEGER], ['', 2], ["Zoë's 😀 \n\u2028", 3]]

for (const position of POSITIONS) {
  t.test(
    `decodeCursor() decodes the cursor of ${JSON.stringify(position).replace('\u2028', '')}`,
    async (t) => {
      const cursor = encodeCursor('list', position)
      t.match(cursor, /^[\w-]+$/, 'the cursor needs no escaping in a URL')
      t.same(decodeCursor('list', cursor), position)
      t.equal(
        decodeCursor('another', cursor),
        undefined,
        'the cursor is not valid for another list',
      )
    },
  )
}

/** Builds a cursor with a valid checksum, as an attacker could. */
function forge(text: string): string {
  const checksum = crc32(`list ${text.slice(1, -1)}`)
  return Buffer.from(text.replace(/^\[(?=.)/, `[${checksum},`)).toString('base64url')
}

t.test('forge() creates a cursor with a valid checksum', async (t) => {
  t.same(decodeCursor('list', forge('["a",1]')), ['a', 1])
})

const FORGED = [
  'no json',
  'null',
  '{}',
  '[ ]',
  '1',
  '["1"]',
  '[1.5]',
  '[9007199254740993]',
  '[null,1]',
  '[1,1]',
  '[[],1]',
  '["a","b",1]',
  '["a\\u0000b",1]',
  '["a\\ud800",1]',
]

for (const text of FORGED) {
  t.test(`decodeCursor() returns undefined for a forged cursor of ${text}`, async (t) => {
    t.equal(decodeCursor('list', forge(text)), undefined)
  })
}

t.test('decodeCursor() returns undefined for malformed cursors', async (t) => {
  const cursor = encodeCursor('list', ['a', 1])
  for (const other of [
    '',
    '!',
    'AAAA',
    `${cursor}A`,
    cursor.slice(1),
    cursor.slice(0, -1),
    `${cursor}=`,
  ]) {
    t.equal(decodeCursor('list', other), undefined, JSON.stringify(other))
  }
})
