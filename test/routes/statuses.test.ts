import t from 'tap'
import * as articles from '../../routes/articles/schema.ts'
import * as messages from '../../routes/messages/schema.ts'
import * as users from '../../routes/users/schema.ts'

/** The routes on the database: what they are named, and the statuses that they declare. */
const ROUTES = [articles, messages, users]
  .flatMap((exported) => Object.values<object>(exported))
  .flatMap((schema) =>
    'operationId' in schema && 'response' in schema
      ? [{ name: String(schema.operationId), statuses: Object.keys(Object(schema.response)) }]
      : [],
  )

t.test('every route that asks the database says that it may not answer', async (t) => {
  t.ok(ROUTES.length > 10, 'there are routes')
  for (const { name, statuses } of ROUTES) t.ok(statuses.includes('503'), name)
})

t.test(
  'every route that writes says who may not, which bodies it refuses, and that the disk may be full',
  async (t) => {
    for (const { name, statuses } of ROUTES) {
      const writes = !/^(?:read|list)/.test(name)
      for (const status of ['401', '403', '413', '415', '507']) {
        t.equal(statuses.includes(status), writes, `${name}: ${status}`)
      }
    }
  },
)

t.test('every route that asks for If-Match says so', async (t) => {
  for (const { name, statuses } of ROUTES) {
    const isConditional = /^(?:replace|patch|delete)/.test(name)
    t.equal(statuses.includes('428'), isConditional, name)
    if (isConditional) t.ok(statuses.includes('412'), name)
  }
})
