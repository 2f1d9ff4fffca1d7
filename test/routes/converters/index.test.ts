import t from 'tap'
import { build, expectReply } from '../../app.ts'
import { textIn } from '../../page.ts'

const UUID = '550e8400-e29b-41d4-a716-446655440000'

/** Accepted values, and the values that the response shows. */
const CONVERTED: [type: string, path: string, value: string | number][] = [
  ['string', 'hello', 'hello'],
  ['string', 'a%2Fb%20c%3F', 'a/b c?'],
  ['string', 'caf%C3%A9', 'café'],
  ['string', '0x10', '0x10'],
  ['int', '42', 42],
  ['int', '-7', -7],
  ['int', '0', 0],
  ['int', '%34%32', 42],
  ['int', '9007199254740991', Number.MAX_SAFE_INTEGER],
  ['int', '-9007199254740991', Number.MIN_SAFE_INTEGER],
  ['float', '1.5', 1.5],
  ['float', '-0.25', -0.25],
  ['float', '3', 3],
  ['path', 'a', 'a'],
  ['path', 'a/b/c', 'a/b/c'],
  ['path', 'a//b', 'a//b'],
  ['path', 'x'.repeat(300), 'x'.repeat(300)],
  ['uuid', UUID, UUID],
  ['uuid', UUID.toUpperCase(), UUID.toUpperCase()],
  ['any', 'about', 'about'],
  ['any', 'help', 'help'],
  ['any', 'imprint', 'imprint'],
]

for (const [type, path, value] of CONVERTED) {
  t.test(`GET /converters/${type}/${path.slice(0, 40)} returns the value`, async (t) => {
    const app = await build(t)
    const url = `/converters/${type}/${path}`
    await expectReply(t, app, { url }, { body: `You are reading ${value}` })
    const json = { url, headers: { accept: 'application/json' } }
    await expectReply(t, app, json, { body: { type, value } })
  })
}

const INTEGER = 'must be integer'
const NUMBER = 'must be number'

/** Refused values, and their error messages. */
const REFUSED: [type: string, path: string, message: string][] = [
  ...[
    'x',
    '0x10',
    '1e3',
    '1.0',
    '01',
    '+1',
    '%2B1',
    '%20',
    '%201',
    '1%20',
    '--1',
    '1_000',
    '%D9%A3',
  ].map((path): [string, string, string] => ['int', path, INTEGER]),
  ['int', '9007199254740993', INTEGER],
  ['int', '-9007199254740993', INTEGER],
  ...['x', '0x10', '1e3', 'NaN', 'Infinity', '1.', '.5', '1,5', '%20', '+1.5'].map(
    (path): [string, string, string] => ['float', path, NUMBER],
  ),
  ['uuid', 'x', 'must match format "uuid"'],
  ['uuid', UUID.slice(1), 'must match format "uuid"'],
  ['any', 'other', 'must be equal to one of the allowed values: about, help, imprint'],
  ['any', 'About', 'must be equal to one of the allowed values: about, help, imprint'],
]

for (const [type, path, message] of REFUSED) {
  t.test(`GET /converters/${type}/${path} returns 400 and names the parameter`, async (t) => {
    const app = await build(t)
    const errors = [{ in: 'params', pointer: '/value', message }]
    await expectReply(
      t,
      app,
      { url: `/converters/${type}/${path}` },
      {
        status: 400,
        body: { status: 400, message: `Bad Request: params/value ${message}`, errors },
      },
    )
  })
}

t.test('GET /converters/string/:value escapes markup in XML and HTML', async (t) => {
  const app = await build(t)
  const url = '/converters/string/%3Cscript%3E%26%22'
  const xml = await expectReply(t, app, { url, headers: { accept: 'application/xml' } }, {})
  t.match(xml.body, '<value>&lt;script&gt;&amp;"</value>')
  const html = await expectReply(t, app, { url, headers: { accept: 'text/html' } }, {})
  t.match(textIn(html.body, '.body'), '"value": "<script>&\\""')
  t.notMatch(html.body, '<script>')
})

t.test(
  'the response to a URL of urlFor() shows the value that was passed to urlFor()',
  async (t) => {
    const app = await build(t)
    const json = { accept: 'application/json' }
    for (const value of ['a/b', 'é€😀', '100%', 'a+b c', '?#', '"<&']) {
      const url = app.urlFor('readString', { value })
      await expectReply(t, app, { url, headers: json }, { body: { type: 'string', value } })
      const nested = `x/${value}/y`
      const path = app.urlFor('readPath', { '*': nested })
      await expectReply(
        t,
        app,
        { url: path, headers: json },
        { body: { type: 'path', value: nested } },
      )
    }
  },
)
