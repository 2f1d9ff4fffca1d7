import t from 'tap'
import { prepareProblem } from '../../../src/http/prepared-problem.ts'
import { PROBLEM_TYPES, writeProblem } from '../../../src/http/problem.ts'
import { SECURITY_FIELDS } from '../../../src/http/security-fields.ts'

const PROBLEM = { status: 503, detail: 'a <b> & c' }

const replyFor = prepareProblem(PROBLEM, { 'retry-after': '1' })

/** Returns the prepared response for an Accept field, with its header fields by name. */
function reply(accept?: string) {
  const { fields, body } = replyFor(accept)
  const pairs = fields.flatMap((name, index) => (index % 2 ? [] : [[name, fields[index + 1]]]))
  return { fields: Object.fromEntries(pairs), body }
}

for (const mediaType of PROBLEM_TYPES.filter((type) => !type.startsWith('text/html'))) {
  t.test(
    `a prepared response as ${mediaType} has the body and header fields of an error response`,
    async (t) => {
      const { fields, body } = reply(mediaType)
      t.equal(body, writeProblem(PROBLEM, mediaType))
      t.same(fields, {
        ...SECURITY_FIELDS,
        'cache-control': 'no-store',
        'retry-after': '1',
        'content-type': mediaType,
        'content-length': String(Buffer.byteLength(body)),
      })
    },
  )
}

t.test('a prepared page contains the escaped message', async (t) => {
  const { fields, body } = reply('text/html')
  t.equal(fields['content-type'], 'text/html; charset=utf-8')
  t.match(body, '<h1>503 Service Unavailable</h1><p>Service Unavailable: a &lt;b&gt; &amp; c</p>')
})

t.test(
  'a prepared problem is JSON if Accept has no preference or requests an unavailable type',
  async (t) => {
    for (const accept of [undefined, '*/*', 'image/png', 'image/png']) {
      t.equal(reply(accept).fields['content-type'], 'application/json; charset=utf-8')
    }
  },
)
