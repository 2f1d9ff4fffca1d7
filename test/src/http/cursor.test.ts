import { crc32 } from 'node:zlib'
import t from 'tap'
import { readCursor, writeCursor } from '../../../src/http/cursor.ts'
import type { Position } from '../../../src/storage/pagination.ts'

const POSITIONS: Position[] = [[1], [Number.MAX_SAFE_INTEGER], ['', 2], ["Zoë's 😀 \n\u2028", 3]]

for (const position of POSITIONS) {
  t.test(
    `a cursor of ${JSON.stringify(position).replace('\u2028', '')} is read again`,
    async (t) => {
      const cursor = writeCursor('list', position)
      t.match(cursor, /^[\w-]+$/, 'fit for a URL')
      t.same(readCursor('list', cursor), position)
      t.equal(readCursor('another', cursor), undefined, 'but not of another list')
    },
  )
}

/** A cursor as anyone can make it who has read the code. */
function forge(text: string): string {
  const checksum = crc32(`["list",${text}]`)
  return Buffer.from(text.replace(/^\[(?=.)/, `[${checksum},`)).toString('base64url')
}

t.test('the forger of these tests knows how', async (t) => {
  t.same(readCursor('list', forge('["a",1]')), ['a', 1])
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
  t.test(`a forged cursor that holds ${text} is none`, async (t) => {
    t.equal(readCursor('list', forge(text)), undefined)
  })
}

t.test('what was not written as a cursor is none', async (t) => {
  const cursor = writeCursor('list', ['a', 1])
  for (const other of [
    '',
    '!',
    'AAAA',
    `${cursor}A`,
    cursor.slice(1),
    cursor.slice(0, -1),
    `${cursor}=`,
  ]) {
    t.equal(readCursor('list', other), undefined, JSON.stringify(other))
  }
})
