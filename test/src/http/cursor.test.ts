import { crc32 } from 'node:zlib'
import t from 'tap'
import { decodeCursor, encodeCursor } from '../../../src/http/cursor.ts'
import type { Field, Position } from '../../../src/storage/list.ts'

const TEXT: Field = { type: 'text', isNullable: false }
const INTEGER: Field = { type: 'integer', isNullable: true }
const NUMBER: Field = { type: 'number', isNullable: false }
const BOOLEAN: Field = { type: 'boolean', isNullable: false }

const POSITIONS: [Position, Field[]][] = [
  [[1], []],
  [[Number.MAX_SAFE_INTEGER], []],
  [['', 2], [TEXT]],
  [["Zoë's 😀 \n\u2028", 3], [TEXT]],
  [
    [null, -1.5, true, '2012-04-25T16:40:27.000Z', 4],
    [INTEGER, NUMBER, BOOLEAN, TEXT],
  ],
  [
    [7, 1e21, false, 5],
    [INTEGER, NUMBER, BOOLEAN],
  ],
]

for (const [position, fields] of POSITIONS) {
  t.test(
    `decodeCursor() decodes the cursor of ${JSON.stringify(position).replace('\u2028', '')}`,
    async (t) => {
      const cursor = encodeCursor('list', position)
      t.match(cursor, /^[\w-]+$/, 'the cursor needs no escaping in a URL')
      t.same(decodeCursor('list', cursor, fields), position)
      t.equal(
        decodeCursor('another', cursor, fields),
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
  t.same(decodeCursor('list', forge('["a",1]'), [TEXT]), ['a', 1])
})

/** Forged cursors that are valid for no field, or not for this field. */
const FORGED: [text: string, ...Field[]][] = [
  ['no json'],
  ['null'],
  ['{}'],
  ['[ ]'],
  ['1'],
  ['["1"]'],
  ['[1.5]'],
  ['[9007199254740993]'],
  ['["a",1]'],
  ['[1]', TEXT],
  ['[null,1]', TEXT],
  ['[1,1]', TEXT],
  ['[[],1]', TEXT],
  ['["a","b",1]', TEXT],
  ['["a\\u0000b",1]', TEXT],
  ['["a\\ud800",1]', TEXT],
  ['["1",1]', INTEGER],
  ['[1.5,1]', INTEGER],
  ['[true,1]', INTEGER],
  ['["1",1]', NUMBER],
  ['[1e999,1]', NUMBER],
  ['[null,1]', NUMBER],
  ['[1,1]', BOOLEAN],
  ['[null,1]', BOOLEAN],
]

for (const [text, ...fields] of FORGED) {
  const types = fields.map(({ type }) => type).join() || 'no field'
  t.test(
    `decodeCursor() returns undefined for a forged cursor of ${text} for ${types}`,
    async (t) => {
      t.equal(decodeCursor('list', forge(text), fields), undefined)
    },
  )
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
    t.equal(decodeCursor('list', other, [TEXT]), undefined, JSON.stringify(other))
  }
})
