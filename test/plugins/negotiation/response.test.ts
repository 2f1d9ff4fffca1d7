import type { FastifyPluginAsync, FastifySchema } from 'fastify'
import t from 'tap'
import { Type } from 'typebox'
import { build, buildWith, createLog, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { textIn } from '../../page.ts'

const TEXT = 'text/plain; charset=utf-8'
const JSON_TYPE = 'application/json; charset=utf-8'
const XML = 'application/xml; charset=utf-8'
const HTML = 'text/html; charset=utf-8'
const V2 = 'application/vnd.example.v2+json'
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

/** Values of Accept, and the media type that GET /greeting returns for each of them. */
const CHOICES = [
  { accept: undefined, type: TEXT, title: 'the preferred type without Accept' },
  { accept: '', type: TEXT, title: 'the preferred type for an empty Accept' },
  { accept: '*/*', type: TEXT, title: 'the preferred type for a wildcard' },
  { accept: 'application/json', type: JSON_TYPE, title: 'the only acceptable type' },
  { accept: 'APPLICATION/JSON', type: JSON_TYPE, title: 'a type that Accept names in upper case' },
  { accept: 'text/*', type: TEXT, title: 'a type that a subtype wildcard matches' },
  {
    accept: 'application/*',
    type: JSON_TYPE,
    title: 'the first type that a subtype wildcard matches',
  },
  { accept: 'text/plain;q=0.5, text/html', type: HTML, title: 'the type with the highest weight' },
  {
    accept: '*/*, text/plain;q=0',
    type: JSON_TYPE,
    title: 'the next type if the preferred type has weight 0',
  },
  {
    accept: 'text/*;q=0.1, application/xml;q=0.2',
    type: XML,
    title: 'the type of the second range if this range has a higher weight',
  },
  { accept: 'image/png, application/json;q=0.1', type: JSON_TYPE, title: 'the available type' },
  { accept: BROWSER, type: HTML, title: 'HTML for a browser' },
  { accept: V2, type: V2, title: 'a vendor type that Accept names' },
  {
    accept: 'application/problem+json',
    type: JSON_TYPE,
    title: 'JSON for problem+json',
  },
  { accept: 'application/problem+xml', type: XML, title: 'XML for problem+xml' },
  {
    accept: 'application/problem+json, text/html',
    type: HTML,
    title: 'HTML rather than JSON for problem+json and HTML',
  },
]

for (const { accept, type, title } of CHOICES) {
  t.test(`GET returns ${title}: Accept ${accept}`, async (t) => {
    const app = await build(t)
    const headers = accept === undefined ? {} : { accept }
    await expectReply(t, app, { url: '/greeting', headers }, { type })
    await expectReply(t, app, { url: '/greeting', headers }, { type })
  })
}

t.test('a cached media type is used only for the same Accept', async (t) => {
  const app = await build(t)
  for (const [accept, type] of [
    ['application/json', JSON_TYPE],
    ['', TEXT],
    ['text/html', HTML],
    ['application/json', JSON_TYPE],
    ['', TEXT],
  ] as const) {
    await expectReply(t, app, { url: '/greeting', headers: { accept } }, { type })
  }
})

t.test('a cached media type is used only for the same route', async (t) => {
  const app = await buildWith(t, samples)
  const headers = { accept: '*/*' }
  await expectReply(t, app, { url: '/greeting', headers }, { type: TEXT })
  await expectReply(t, app, { url: '/titled', headers }, { type: JSON_TYPE })
  await expectReply(t, app, { url: '/greeting', headers }, { type: TEXT })
})

t.test('the media type is correct when the cache is full', async (t) => {
  const app = await build(t)
  for (let version = 0; version < 60; version++) {
    const accept = `application/vnd.other.v${version}+json, application/xml`
    await expectReply(t, app, { url: '/greeting', headers: { accept } }, { type: XML })
  }
  await expectReply(t, app, { url: '/greeting', headers: { accept: V2 } }, { type: V2 })
})

const SAMPLE_TYPES = [
  'application/json',
  'application/xml',
  'text/html',
  'application/vnd.sample+json',
]

const REFUSALS = [
  {
    url: '/greeting',
    accept: 'image/png',
    there: `text/plain, application/json, application/xml, text/html, ${V2}`,
  },
  {
    url: '/greeting',
    accept: '*/*;q=0',
    there: `text/plain, application/json, application/xml, text/html, ${V2}`,
  },
  { url: '/titled', accept: 'text/css', there: SAMPLE_TYPES.join(', ') },
  { url: '/titled', accept: 'nonsense, image/png', there: SAMPLE_TYPES.join(', ') },
]

for (const { url, accept, there } of REFUSALS) {
  t.test(`GET ${url} with Accept ${accept} returns 406 with the available types`, async (t) => {
    const app = await buildWith(t, samples)
    const body = {
      status: 406,
      message: `Not Acceptable: no acceptable media type; available: ${there}`,
    }
    await expectReply(t, app, { url, headers: { accept } }, { status: 406, type: JSON_TYPE, body })
  })
}

t.test('406 is returned before the handler runs and after authentication', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  const headers = { accept: 'image/png' }
  await expectReply(t, app, { url: '/journal', headers }, { status: 406 })
  t.same(
    log.lines.filter(({ msg }) => msg === 'a note'),
    [],
    'the handler did not run',
  )
  await expectReply(t, app, { url: '/vault', headers }, { status: 401 })
  const sent = { method: 'POST', url: '/files', payload: 'x' } as const
  const asText = { ...headers, 'content-type': 'text/plain' }
  await expectReply(t, app, { ...sent, headers: asText }, { status: 406 })
  t.equal(await app.store(createFileStore).find(1), undefined, 'nothing is stored')
})

const Sample = Type.Object({ id: Type.Integer(), list: Type.Array(Type.String()) })
const Titled = Type.Object({ ...Sample.properties }, { title: 'SampleOfData' })

/** Data with markup, and with a member that the schema does not declare. */
const DATA = { id: 1, list: ['<b>', '&"\''], secret: 'not for anyone' }

function produces(schema: object, ...mediaTypes: string[]): FastifySchema {
  const content = Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]))
  return { response: { 200: { description: 'A sample', content } } }
}

const samples: FastifyPluginAsync = async (app) => {
  app.get('/titled', { schema: produces(Titled, ...SAMPLE_TYPES) }, async () => DATA)
  app.get('/untitled', { schema: produces(Sample, ...SAMPLE_TYPES) }, async () => DATA)
  app.get('/json', { schema: produces(Sample, 'application/json') }, async () => DATA)
  app.get('/other', { schema: produces(Sample, ...SAMPLE_TYPES) }, async (_request, reply) =>
    reply.code(203).send({ id: 2 }),
  )
  app.get('/anything', async () => ({ any: 'thing' }))
}

const SHOWN = { id: 1, list: ['<b>', '&"\''] }
const ITEMS = '<id>1</id><list><item>&lt;b&gt;</item><item>&amp;"\'</item></list>'

const REPRESENTATIONS = [
  { url: '/titled', type: JSON_TYPE, body: SHOWN },
  { url: '/titled', type: 'application/vnd.sample+json', body: SHOWN },
  {
    url: '/titled',
    type: XML,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<sampleOfData>${ITEMS}</sampleOfData>\n`,
  },
  {
    url: '/untitled',
    type: XML,
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<response>${ITEMS}</response>\n`,
  },
  { url: '/json', type: JSON_TYPE, body: SHOWN },
  {
    url: '/other',
    type: XML,
    status: 203,
    body: '<?xml version="1.0" encoding="UTF-8"?>\n<response><id>2</id></response>\n',
  },
]

for (const { url, type, status = 200, body } of REPRESENTATIONS) {
  t.test(`data of ${url} as ${type} contains only the members of its schema`, async (t) => {
    const app = await buildWith(t, samples)
    await expectReply(t, app, { url, headers: { accept: type } }, { status, type, body })
  })
}

t.test('a page escapes markup in the data', async (t) => {
  const app = await buildWith(t, samples)
  const request = { url: '/titled', headers: { accept: 'text/html' } }
  const { body } = await expectReply(t, app, request, { type: HTML })
  t.equal(textIn(body, 'h1'), 'SampleOfData')
  t.equal(textIn(body, '.body'), JSON.stringify(SHOWN, null, 2))
  t.notMatch(body, '<b>')
  t.notMatch(body, 'not for anyone')
})

t.test('a route with one media type returns 406 for any other media type', async (t) => {
  const app = await buildWith(t, samples)
  const others = ['text/plain', 'application/xml', 'text/html', 'application/problem+xml']
  for (const accept of [...others, 'application/json;q=0']) {
    const reply = await app.inject({ url: '/json', headers: { accept } })
    t.equal(reply.statusCode, 406, `Accept ${accept} returns 406`)
    t.match(
      reply.body,
      'no acceptable media type; available: application/json',
      'the error names the available type',
    )
  }
})

t.test('a route without media types in its schema returns JSON, as Fastify does', async (t) => {
  const app = await buildWith(t, samples)
  const request = { url: '/anything', headers: { accept: 'image/png' } }
  await expectReply(t, app, request, { type: JSON_TYPE, body: { any: 'thing' } })
})
