import { parseDictionary } from 'structured-headers'
import t from 'tap'
import { writeMember } from '../../../src/http/structured-field.ts'

/** Parses a Dictionary of one member with an independent library. */
function read(field: string) {
  const members = parseDictionary(field)
  const [[key, [value, parameters]] = ['', [null, new Map()]]] = members
  return { size: members.size, key, value, parameters: Object.fromEntries(parameters) }
}

/** Returns an inner list of Strings in the form in which the library returns it. */
const list = (...items: string[]) => items.map((item) => [item, new Map()])

const MEMBERS = [
  { member: ['status', 404], text: 'status=404' },
  { member: ['route', false], text: 'route=?0' },
  { member: ['framing', true], text: 'framing' },
  { member: ['accept', 'text/html'], text: 'accept="text/html"' },
  { member: ['target', ''], text: 'target=""' },
  { member: ['target', '/a"\\b, c'], text: 'target="/a\\"\\\\b, c"' },
  { member: ['valid', []], text: 'valid=()', value: list() },
  { member: ['valid', ['a', 'b"']], text: 'valid=("a" "b\\"")', value: list('a', 'b"') },
  {
    member: ['who', false, { scheme: 'Basic', known: true, age: 3 }],
    text: 'who=?0;scheme="Basic";known;age=3',
  },
  { member: ['who', true, { scheme: 'a;b=1' }], text: 'who;scheme="a;b=1"' },
  { member: ['who', 'admin', { scopes: undefined, age: 3 }], text: 'who="admin";age=3' },
] as { member: Parameters<typeof writeMember>; text: string; value?: unknown }[]

for (const { member, text, value = member[1] } of MEMBERS) {
  t.test(`writeMember() writes ${text}, which an independent parser reads`, async (t) => {
    const [key, , parameters = {}] = member
    t.equal(writeMember(...member), text)
    const expected = JSON.parse(JSON.stringify(parameters)) // removes undefined parameters
    t.same(read(text), { size: 1, key, value, parameters: expected })
  })
}

t.test('writeMember() percent-encodes all characters except printable ASCII', async (t) => {
  const text = 'é\u{1f600}\r\nSet-Cookie: a=b\0\x7f'
  const { value } = read(writeMember('a', text))
  t.equal(value, '%C3%A9%F0%9F%98%80%0D%0ASet-Cookie: a=b%00%7F')
})

t.test('writeMember() escapes every character that could end the string', async (t) => {
  const broken = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
    (unit) => {
      const field = writeMember('a', `x${unit}`, { b: `${unit}"` })
      const { size, value, parameters } = read(field)
      const shown = unit === '%' ? '%' : unit.toWellFormed()
      const decode = unit === '%' ? String : (text: unknown) => decodeURIComponent(String(text))
      return (
        size !== 1 ||
        !/^[ -~]*$/.test(field) ||
        decode(value) !== `x${shown}` ||
        decode(parameters.b) !== `${shown}"`
      )
    },
  )
  t.same(broken, [])
})

t.test('writeMember() cuts long text, and adds an ellipsis', async (t) => {
  t.equal(read(writeMember('a', 'b'.repeat(200))).value, 'b'.repeat(200))
  t.equal(read(writeMember('a', 'b'.repeat(201))).value, `${'b'.repeat(200)}...`)
  t.equal(read(writeMember('a', `${'b'.repeat(199)}"\\`)).value, `${'b'.repeat(199)}"...`)
  t.equal(
    String(read(writeMember('a', 'é'.repeat(1_000))).value).length,
    203,
    'the text is encoded before it is cut',
  )
})
