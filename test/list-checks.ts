import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, expectReply, write } from './app.ts'

/** Queries that every list refuses, with the parameter that the error names. */
const REFUSED: [query: string, name: string][] = [
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=10&limit=20', 'limit'],
  ['sort=words', 'sort'],
  ['sort=--id', 'sort'],
  ['sort=', 'sort'],
  ['sort=id,id', 'sort'],
  ['after=', 'after'],
  ['after=abc', 'after'],
  ['after=%00', 'after'],
  [`before=${'A'.repeat(2_001)}`, 'before'],
  ['before=WzEyM10', 'before'],
  ['offset=10', 'offset'],
  ['Limit=10', 'Limit'],
]

/** Defines tests in which a list refuses the queries of REFUSED and the given queries. */
export function testRefusedQueries(list: string, refused: [query: string, name: string][]) {
  for (const [query, name] of [...REFUSED, ...refused]) {
    t.test(`GET ${list}?${query.slice(0, 30)} returns 400`, async (t) => {
      await expectRefusal(t, await build(t), `${list}?${query}`, name)
    })
  }
}

/** Expects a 400 whose error names the parameter. */
export async function expectRefusal(t: Test, app: FastifyInstance, url: string, name: string) {
  const headers = { accept: 'application/json' }
  const reply = await expectReply(t, app, { url, headers }, { status: 400 })
  t.match(reply.json().errors, [{ in: 'querystring', pointer: `/${name}` }], url)
}

/** Returns the URL of a link with this relation in a response, or an empty text if the response has no such link. */
export function linkOf({ headers }: { headers: object }, relation: string): string {
  const [, url = ''] =
    new RegExp(`<([^>]*)>; rel="${relation}"`).exec(Reflect.get(headers, 'link')) ?? []
  return url
}

/** Defines a test in which a POST of an item expects another version of the list. */
export function testListVersion(list: string, item: object) {
  t.test('a POST whose If-Match names another version of the list gets 412', async (t) => {
    const request = write('POST', list, { 'if-match': '"another"' }, item)
    await expectReply(t, await build(t), request, { status: 412 })
  })
}
